# Made by unetc for Keras from mobile-unet.unet; edits are lost.
import math

import keras
from keras import layers


def build_mobile_unet(
    classes: int = 1, base: int = 64, alpha: float = 1, channels: int = 3
) -> keras.Model:
    """A U-Net on MobileNetV1 that enlarges after each merge. The first convolution
    keeps full size, strided ones round up: where the image is a little below a
    multiple of 16, the mask is that multiple.

    Takes images of 3 channels whose height and width are 0, 13, 14 or 15 mod 16, from
    13 on; "mask" is [4 ceil(H / 4), 4 ceil(W / 4), 1] and holds logits in 1 channel.
    14,113,409 parameters. Losses take logits with from_logits=True; sigmoid makes
    probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    # block_5: [N, ceil(H / 4), ceil(W / 4), 256]
    # block_11: [N, ceil(H / 8), ceil(W / 8), 512]
    # block_13: [N, ceil(H / 16), ceil(W / 16), 1024]
    block_5, block_11, block_13 = mobilenet_v1(image, "mobilenet_v1", alpha)

    x = upsample(block_13, "d4-nearest1", 2)
    d4 = double_conv(x, "d4", base * 8)  # [N, ceil(H / 8), ceil(W / 8), 512]

    x = concat([block_11, d4], "d3-concat1")
    x = upsample(x, "d3-nearest1", 2)
    d3 = double_conv(x, "d3", base * 4)  # [N, ceil(H / 4), ceil(W / 4), 256]

    x = concat([d3, block_5], "d2-concat1")
    x = upsample(x, "d2-nearest1", 2)
    d2 = double_conv(x, "d2", base * 2)  # [N, 2 ceil(H / 4), 2 ceil(W / 4), 128]

    x = upsample(d2, "d1-nearest1", 2)
    d1 = double_conv(x, "d1", base)  # [N, 4 ceil(H / 4), 4 ceil(W / 4), 64]

    mask = conv(d1, "mask", classes, 1)  # [N, 4 ceil(H / 4), 4 ceil(W / 4), 1]
    return keras.Model(image, mask, name="MobileUNet")


def check_size(height: int, width: int) -> None:
    """Raises unless MobileUNet can take images of this size."""
    for size in (height, width):
        if size < 13 or size % 16 not in (0, 13, 14, 15):
            raise ValueError(
                "MobileUNet takes images whose height and width are 0, 13, 14 or 15 "
                f"mod 16, from 13 on; found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of PyTorch or of Keras.

    Here form = torch.
    """
    return batch_norm(x, name)


def separable(x, name: str, c: float):
    """A depthwise convolution, then one of size 1: a convolution in two halves.
    Keras pads strided ones below and right alone.
    """
    x = depthwise_conv(x, f"{name}-depthwise_conv1", 3, padding="same")
    x = norm(x, f"{name}-norm1")
    x = relu6(x, f"{name}-relu61")
    x = conv(x, f"{name}-conv1", int(c), 1, use_bias=False)
    x = norm(x, f"{name}-norm2")
    return relu6(x, name)


def separable_stride_2(x, name: str, c: float):
    """Like separable, here stride = 2."""
    x = depthwise_conv(
        pad(x, f"{name}-depthwise_conv1--pad", 1),
        f"{name}-depthwise_conv1",
        3,
        strides=2,
    )
    x = norm(x, f"{name}-norm1")
    x = relu6(x, f"{name}-relu61")
    x = conv(x, f"{name}-conv1", int(c), 1, use_bias=False)
    x = norm(x, f"{name}-norm2")
    return relu6(x, name)


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def mobilenet_v1(x, name: str, alpha: float):
    """MobileNetV1 (Howard et al. 2017) without its classifier; "alpha" scales every
    width. A tap stands before each step down and at the end, named by its stride.
    With "stem_stride: 1" the first convolution keeps full size.
    """
    x = conv(x, f"{name}-stem-conv1", math.floor(32 * alpha), 3, use_bias=False)
    x = norm(x, f"{name}-stem-norm1")
    stem = relu6(x, f"{name}-stem")
    block_1 = separable(stem, f"{name}-block_1", 2 * math.floor(32 * alpha))
    block_2 = separable_stride_2(block_1, f"{name}-block_2", 4 * math.floor(32 * alpha))
    block_3 = separable(block_2, f"{name}-block_3", 4 * math.floor(32 * alpha))
    block_4 = separable_stride_2(block_3, f"{name}-block_4", 8 * math.floor(32 * alpha))
    block_5 = separable(block_4, f"{name}-block_5", 8 * math.floor(32 * alpha))
    block_6 = separable_stride_2(
        block_5, f"{name}-block_6", 16 * math.floor(32 * alpha)
    )
    block_7 = separable(block_6, f"{name}-block_7", 16 * math.floor(32 * alpha))
    block_8 = separable(block_7, f"{name}-block_8", 16 * math.floor(32 * alpha))
    block_9 = separable(block_8, f"{name}-block_9", 16 * math.floor(32 * alpha))
    block_10 = separable(block_9, f"{name}-block_10", 16 * math.floor(32 * alpha))
    block_11 = separable(block_10, f"{name}-block_11", 16 * math.floor(32 * alpha))
    block_12 = separable_stride_2(
        block_11, f"{name}-block_12", 32 * math.floor(32 * alpha)
    )
    block_13 = separable(block_12, f"{name}-block_13", 32 * math.floor(32 * alpha))
    return block_5, block_11, block_13


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters,
        kernel,
        kernel_initializer="he_normal",
        padding="same",
        name=name,
        **options,
    )
    return layer(x)


def depthwise_conv(x, name: str, kernel, **options):
    taps = area(kernel)
    start = spread("he_normal", taps, taps)
    layer = layers.DepthwiseConv2D(
        kernel, use_bias=False, depthwise_initializer=start, name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def relu6(x, name: str):
    return layers.Activation("relu6", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def spread(initializer: str, seen: float, reached: float):
    """The initializer of that name for an output that sees, and an input that reaches,
    so many values: He et al. 2015, Glorot and Bengio 2010.
    """
    rule, shape = initializer.split("_")
    variance = 2 / seen if rule == "he" else 2 / (seen + reached)
    if shape == "uniform":
        limit = (3 * variance) ** 0.5
        return keras.initializers.RandomUniform(-limit, limit)
    # What is cut at two deviations has 0.88 of the deviation.
    deviation = variance**0.5 / 0.87962566103423978
    return keras.initializers.TruncatedNormal(stddev=deviation)


def area(size):
    return size * size if isinstance(size, int) else size[0] * size[1]
