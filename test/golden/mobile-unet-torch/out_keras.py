# Made by unetc for Keras from mobile-unet-torch.unet; edits are lost.
import math

import keras
from keras import layers


def build_mobile_unet_torch(
    classes: int = 1, features: int = 1280, channels: int = 3
) -> keras.Model:
    """Mobile U-Net (Jing et al. 2020), as a PyTorch build has it: inverted residuals on
    both sides, and a mask of half the image's size.

    Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31 on;
    "mask" is [ceil(H / 2), ceil(W / 2), 1] and holds probabilities (sigmoid) in 1
    channel. 4,720,287 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: alpha = 1, divisor = 8, widths = [16, 24, 32, 96].
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    # narrow: [N, ceil(H / 2), ceil(W / 2), 16]
    # block_2: [N, ceil(H / 4), ceil(W / 4), 24]
    # block_5: [N, ceil(H / 8), ceil(W / 8), 32]
    # block_12: [N, ceil(H / 16), ceil(W / 16), 96]
    # widened: [N, ceil(H / 32), ceil(W / 32), 1280]
    narrow, block_2, block_5, block_12, widened = mobilenet_v2(
        image, "mobilenet_v2", features
    )

    u4 = conv_transpose(widened, "u4", 96, 4, 2)  # [N, ceil(H / 16), ceil(W / 16), 96]
    x = concat([block_12, u4], "d4-concat1")
    d4 = inverted_residual(x, "d4", 96)  # [N, ceil(H / 16), ceil(W / 16), 96]

    u3 = conv_transpose(d4, "u3", 32, 4, 2)  # [N, ceil(H / 8), ceil(W / 8), 32]
    x = concat([block_5, u3], "d3-concat1")
    d3 = inverted_residual(x, "d3", 32)  # [N, ceil(H / 8), ceil(W / 8), 32]

    u2 = conv_transpose(d3, "u2", 24, 4, 2)  # [N, ceil(H / 4), ceil(W / 4), 24]
    x = concat([block_2, u2], "d2-concat1")
    d2 = inverted_residual(x, "d2", 24)  # [N, ceil(H / 4), ceil(W / 4), 24]

    u1 = conv_transpose(d2, "u1", 16, 4, 2)  # [N, ceil(H / 2), ceil(W / 2), 16]
    x = concat([narrow, u1], "d1-concat1")
    d1 = inverted_residual(x, "d1", 16)  # [N, ceil(H / 2), ceil(W / 2), 16]

    x = conv(d1, "mask-conv1", 3, 1)
    x = conv(x, "mask-conv2", classes, 1)
    mask = sigmoid(x, "mask")  # [N, ceil(H / 2), ceil(W / 2), 1]
    return keras.Model(image, mask, name="MobileUNetTorch")


def check_size(height: int, width: int) -> None:
    """Raises unless MobileUNetTorch can take images of this size."""
    for size in (height, width):
        if size < 31 or size % 32 not in (0, 31):
            raise ValueError(
                "MobileUNetTorch takes images whose height and width are 0 or 31 mod "
                f"32, from 31 on; found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of torchvision or of Keras.

    Here form = torch.
    """
    return batch_norm(x, name, momentum=0.9, epsilon=1e-5)


def depthwise_stride_1(x, name: str, stride: int):
    """A depthwise convolution. Keras pads strided ones less above and left.

    Here form = torch.
    """
    x = depthwise_conv(x, f"{name}-depthwise_conv1", 3, strides=stride, padding="same")
    x = norm(x, f"{name}-norm1")
    return relu6(x, name)


def depthwise_stride_2(x, name: str, stride: int):
    """Like depthwise_stride_1, here stride = 2."""
    x = depthwise_conv(
        pad(x, f"{name}-depthwise_conv1--pad", 1),
        f"{name}-depthwise_conv1",
        3,
        strides=stride,
    )
    x = norm(x, f"{name}-norm1")
    return relu6(x, name)


def expansion(x, name: str, factor: int):
    """The first half of an inverted residual: more channels.

    Here form = torch.
    """
    channels = x.shape[-1]
    x = conv(x, f"{name}-conv1", channels * factor, 1, use_bias=False)
    x = norm(x, f"{name}-norm1")
    return relu6(x, name)


def projection_stride_1(x, name: str, c: float, stride: int):
    """The second half: a depthwise convolution, then fewer channels and no activation.
    What flowed into the first half is added where it has the same shape.

    Here form = torch, without add.
    """
    x = depthwise_stride_1(x, f"{name}-narrow-depthwise1", stride)
    x = conv(x, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    return norm(x, f"{name}-narrow")


def projection_stride_2(x, name: str, c: float, stride: int):
    """Like projection_stride_1, here stride = 2."""
    x = depthwise_stride_2(x, f"{name}-narrow-depthwise1", stride)
    x = conv(x, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    return norm(x, f"{name}-narrow")


def projection_with_add_stride_1(x, shortcut, name: str, c: float, stride: int):
    """Like projection_stride_1, here with add."""
    x = depthwise_stride_1(x, f"{name}-narrow-depthwise1", stride)
    x = conv(x, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    narrow = norm(x, f"{name}-narrow")
    return add([shortcut, narrow], name)


def inverted_residual_factor_1(x, name: str, c: float):
    """Both halves (Sandler et al. 2018).

    Here factor = 1, without wide.
    """
    return projection_stride_1(x, name, c, 1)


def inverted_residual(x, name: str, c: int):
    """Like inverted_residual_factor_1, here factor = 6, with wide."""
    wide = expansion(x, f"{name}-wide", 6)
    return projection_stride_1(wide, name, c, 1)


def mobilenet_v2(x, name: str, features: int):
    """MobileNetV2 (Sandler et al. 2018) without its classifier. "alpha" scales the
    widths, which are rounded to multiples of "divisor".
    """
    x = conv(
        pad(x, f"{name}-stem-conv1--pad", 1),
        f"{name}-stem-conv1",
        32,
        3,
        strides=2,
        use_bias=False,
    )
    x = norm(x, f"{name}-stem-norm1")
    stem = relu6(x, f"{name}-stem")
    expanded_conv = inverted_residual_factor_1(stem, f"{name}-expanded_conv", 16)
    expand_1 = expansion(expanded_conv, f"{name}-expand_1", 6)
    block_1 = projection_stride_2(expand_1, f"{name}-block_1", 24, 2)
    expand_2 = expansion(block_1, f"{name}-expand_2", 6)
    block_2 = projection_with_add_stride_1(expand_2, block_1, f"{name}-block_2", 24, 1)
    expand_3 = expansion(block_2, f"{name}-expand_3", 6)
    block_3 = projection_stride_2(expand_3, f"{name}-block_3", 32, 2)
    expand_4 = expansion(block_3, f"{name}-expand_4", 6)
    block_4 = projection_with_add_stride_1(expand_4, block_3, f"{name}-block_4", 32, 1)
    expand_5 = expansion(block_4, f"{name}-expand_5", 6)
    block_5 = projection_with_add_stride_1(expand_5, block_4, f"{name}-block_5", 32, 1)
    expand_6 = expansion(block_5, f"{name}-expand_6", 6)
    block_6 = projection_stride_2(expand_6, f"{name}-block_6", 64, 2)
    expand_7 = expansion(block_6, f"{name}-expand_7", 6)
    block_7 = projection_with_add_stride_1(expand_7, block_6, f"{name}-block_7", 64, 1)
    expand_8 = expansion(block_7, f"{name}-expand_8", 6)
    block_8 = projection_with_add_stride_1(expand_8, block_7, f"{name}-block_8", 64, 1)
    expand_9 = expansion(block_8, f"{name}-expand_9", 6)
    block_9 = projection_with_add_stride_1(expand_9, block_8, f"{name}-block_9", 64, 1)
    expand_10 = expansion(block_9, f"{name}-expand_10", 6)
    block_10 = projection_stride_1(expand_10, f"{name}-block_10", 96, 1)
    expand_11 = expansion(block_10, f"{name}-expand_11", 6)
    block_11 = projection_with_add_stride_1(
        expand_11, block_10, f"{name}-block_11", 96, 1
    )
    expand_12 = expansion(block_11, f"{name}-expand_12", 6)
    block_12 = projection_with_add_stride_1(
        expand_12, block_11, f"{name}-block_12", 96, 1
    )
    expand_13 = expansion(block_12, f"{name}-expand_13", 6)
    block_13 = projection_stride_2(expand_13, f"{name}-block_13", 160, 2)
    expand_14 = expansion(block_13, f"{name}-expand_14", 6)
    block_14 = projection_with_add_stride_1(
        expand_14, block_13, f"{name}-block_14", 160, 1
    )
    expand_15 = expansion(block_14, f"{name}-expand_15", 6)
    block_15 = projection_with_add_stride_1(
        expand_15, block_14, f"{name}-block_15", 160, 1
    )
    last_expand = expansion(block_15, f"{name}-last_expand", 6)
    x = depthwise_stride_1(last_expand, f"{name}-last_project-depthwise1", 1)
    last_project = conv(x, f"{name}-last_project", 320, 1, use_bias=False)
    last = norm(last_project, f"{name}-last")
    widened = conv(
        last, f"{name}-widened", make_divisible(features, 8), 1, use_bias=False
    )
    return expanded_conv, block_2, block_5, block_12, widened


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def depthwise_conv(x, name: str, kernel, **options):
    taps = area(kernel)
    start = spread("he_normal", taps, taps)
    layer = layers.DepthwiseConv2D(
        kernel, use_bias=False, depthwise_initializer=start, name=name, **options
    )
    return layer(x)


def conv_transpose(x, name: str, filters: int, kernel, strides):
    taps = area(kernel)
    seen = max(1, taps / area(strides)) * x.shape[-1]
    start = spread("he_normal", seen, taps * filters)
    layer = layers.Conv2DTranspose(
        filters, kernel, strides, padding="same", kernel_initializer=start, name=name
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def batch_norm(x, name: str, **options):
    return layers.BatchNormalization(name=name, **options)(x)


def relu6(x, name: str):
    return layers.Activation("relu6", name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


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


def make_divisible(value: float, divisor: int) -> int:
    """The multiple of a divisor nearest to a width, at most a tenth below it."""
    nearest = max(divisor, math.floor((value + divisor / 2) / divisor) * divisor)
    return nearest + divisor if nearest < 0.9 * value else nearest
