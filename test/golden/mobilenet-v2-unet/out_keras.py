# Made by unetc for Keras from mobilenet-v2-unet.unet; edits are lost.
import keras
from keras import layers


def build_mobile_net_v2_unet(
    classes: int = 1, base: int = 16, channels: int = 3
) -> keras.Model:
    """A U-Net on a narrow MobileNetV2, as Keras has it: skips from inside the inverted
    residuals, where tensors are widest, and the image itself as the last skip.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 767,217 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: alpha = 0.35.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    # expand_1: [N, H / 2, W / 2, 48]
    # expand_3: [N, H / 4, W / 4, 48]
    # expand_6: [N, H / 8, W / 8, 96]
    # expand_13: [N, H / 16, W / 16, 192]
    expand_1, expand_3, expand_6, expand_13 = mobilenet_v2(image, "mobilenet_v2")

    u4 = upsample(expand_13, "u4", 2)  # [N, H / 8, W / 8, 192]
    x = concat([u4, expand_6], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, H / 8, W / 8, 128]

    u3 = upsample(d4, "u3", 2)  # [N, H / 4, W / 4, 128]
    x = concat([u3, expand_3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, H / 4, W / 4, 64]

    u2 = upsample(d3, "u2", 2)  # [N, H / 2, W / 2, 64]
    x = concat([u2, expand_1], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, H / 2, W / 2, 32]

    u1 = upsample(d2, "u1", 2)  # [N, H, W, 32]
    x = concat([u1, image], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H, W, 16]

    x = conv(d1, "mask-conv1", classes, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="MobileNetV2UNet")


def check_size(height: int, width: int) -> None:
    """Raises unless MobileNetV2UNet can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "MobileNetV2UNet takes images whose height and width are multiples of "
                f"16; found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of torchvision or of Keras.

    Here form = keras.
    """
    return batch_norm(x, name, momentum=0.999)


def depthwise(x, name: str, stride: int):
    """A depthwise convolution. Keras pads strided ones less above and left.

    Here form = keras.
    """
    x = depthwise_conv(
        x,
        f"{name}-depthwise_conv1",
        3,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )
    x = norm(x, f"{name}-norm1")
    return relu6(x, name)


def expansion(x, name: str, factor: int):
    """The first half of an inverted residual: more channels.

    Here form = keras.
    """
    channels = x.shape[-1]
    x = conv(x, f"{name}-conv1", channels * factor, 1, use_bias=False)
    x = norm(x, f"{name}-norm1")
    return relu6(x, name)


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = norm_block(x, f"{name}-norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    x = norm_block(x, f"{name}-norm2")
    return relu(x, name)


def norm_block(x, name: str):
    """Keras' constants."""
    return batch_norm(x, name)


def projection(x, name: str, c: float, stride: int):
    """The second half: a depthwise convolution, then fewer channels and no activation.
    What flowed into the first half is added where it has the same shape.

    Here form = keras, without add.
    """
    x = depthwise(x, f"{name}-narrow-depthwise1", stride)
    x = conv(x, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    return norm(x, f"{name}-narrow")


def projection_with_add(x, shortcut, name: str, c: float, stride: int):
    """Like projection, here stride = 1, with add."""
    x = depthwise(x, f"{name}-narrow-depthwise1", stride)
    x = conv(x, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    narrow = norm(x, f"{name}-narrow")
    return add([shortcut, narrow], name)


def inverted_residual(x, name: str, c: float):
    """Both halves (Sandler et al. 2018).

    Here factor = 1, form = keras.
    """
    return projection(x, name, c, 1)


def mobilenet_v2(x, name: str):
    """MobileNetV2 (Sandler et al. 2018) without its classifier. "alpha" scales the
    widths, which are rounded to multiples of "divisor".
    """
    x = conv(x, f"{name}-stem-conv1", 16, 3, strides=2, use_bias=False)
    x = norm(x, f"{name}-stem-norm1")
    stem = relu6(x, f"{name}-stem")
    expanded_conv = inverted_residual(stem, f"{name}-expanded_conv", 8)
    expand_1 = expansion(expanded_conv, f"{name}-expand_1", 6)
    block_1 = projection(expand_1, f"{name}-block_1", 8, 2)
    expand_2 = expansion(block_1, f"{name}-expand_2", 6)
    block_2 = projection_with_add(expand_2, block_1, f"{name}-block_2", 8, 1)
    expand_3 = expansion(block_2, f"{name}-expand_3", 6)
    block_3 = projection(expand_3, f"{name}-block_3", 16, 2)
    expand_4 = expansion(block_3, f"{name}-expand_4", 6)
    block_4 = projection_with_add(expand_4, block_3, f"{name}-block_4", 16, 1)
    expand_5 = expansion(block_4, f"{name}-expand_5", 6)
    block_5 = projection_with_add(expand_5, block_4, f"{name}-block_5", 16, 1)
    expand_6 = expansion(block_5, f"{name}-expand_6", 6)
    block_6 = projection(expand_6, f"{name}-block_6", 24, 2)
    expand_7 = expansion(block_6, f"{name}-expand_7", 6)
    block_7 = projection_with_add(expand_7, block_6, f"{name}-block_7", 24, 1)
    expand_8 = expansion(block_7, f"{name}-expand_8", 6)
    block_8 = projection_with_add(expand_8, block_7, f"{name}-block_8", 24, 1)
    expand_9 = expansion(block_8, f"{name}-expand_9", 6)
    block_9 = projection_with_add(expand_9, block_8, f"{name}-block_9", 24, 1)
    expand_10 = expansion(block_9, f"{name}-expand_10", 6)
    block_10 = projection(expand_10, f"{name}-block_10", 32, 1)
    expand_11 = expansion(block_10, f"{name}-expand_11", 6)
    block_11 = projection_with_add(expand_11, block_10, f"{name}-block_11", 32, 1)
    expand_12 = expansion(block_11, f"{name}-expand_12", 6)
    block_12 = projection_with_add(expand_12, block_11, f"{name}-block_12", 32, 1)
    expand_13 = expansion(block_12, f"{name}-expand_13", 6)
    return expand_1, expand_3, expand_6, expand_13


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


def depthwise_conv(x, name: str, kernel, *, kernel_initializer: str, **options):
    taps = area(kernel)
    start = spread(kernel_initializer, taps, taps)
    layer = layers.DepthwiseConv2D(
        kernel, depthwise_initializer=start, name=name, **options
    )
    return layer(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str, **options):
    return layers.BatchNormalization(name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


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
