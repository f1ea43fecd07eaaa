# Made by unetc for Keras from mobile-unet-keras.unet; edits are lost.
import keras
from keras import layers


def build_mobile_unet_keras(classes: int = 1, channels: int = 3) -> keras.Model:
    """Mobile U-Net (Jing et al. 2020), as a Keras build has it: five transposed
    convolutions and nothing else come after a MobileNetV2; the last is the head.

    Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31 on;
    "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds logits in 1 channel. 6,501,345
    parameters. Losses take logits with from_logits=True; sigmoid makes probabilities of
    "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: widths = [64, 128, 256, 512], alpha = 1.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    # expand_1: [N, ceil(H / 2), ceil(W / 2), 96]
    # expand_3: [N, ceil(H / 4), ceil(W / 4), 144]
    # expand_6: [N, ceil(H / 8), ceil(W / 8), 192]
    # expand_13: [N, ceil(H / 16), ceil(W / 16), 576]
    # last_project: [N, ceil(H / 32), ceil(W / 32), 320]
    expand_1, expand_3, expand_6, expand_13, last_project = mobilenet_v2(
        image, "mobilenet_v2"
    )

    # [N, ceil(H / 16), ceil(W / 16), 512]
    u4 = conv_transpose_batch_norm_relu(last_project, "u4", 512)
    x = concat([u4, expand_13], "d4-concat1")

    # [N, ceil(H / 8), ceil(W / 8), 256]
    u3 = conv_transpose_batch_norm_relu(x, "u3", 256)
    x = concat([u3, expand_6], "d3-concat1")

    # [N, ceil(H / 4), ceil(W / 4), 128]
    u2 = conv_transpose_batch_norm_relu(x, "u2", 128)
    x = concat([u2, expand_3], "d2-concat1")

    # [N, ceil(H / 2), ceil(W / 2), 64]
    u1 = conv_transpose_batch_norm_relu(x, "u1", 64)
    x = concat([u1, expand_1], "d1-concat1")

    # [N, 2 ceil(H / 2), 2 ceil(W / 2), 1]
    mask = conv_transpose(x, "mask", classes, 3, 2)
    return keras.Model(image, mask, name="MobileUNetKeras")


def check_size(height: int, width: int) -> None:
    """Raises unless MobileUNetKeras can take images of this size."""
    for size in (height, width):
        if size < 31 or size % 32 not in (0, 31):
            raise ValueError(
                "MobileUNetKeras takes images whose height and width are 0 or 31 mod "
                f"32, from 31 on; found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of torchvision or of Keras.

    Here form = keras.
    """
    return batch_norm(x, name, momentum=0.999)


def conv_transpose_batch_norm_relu(x, name: str, channels: int):
    x = conv_transpose(x, f"{name}-conv_transpose1", channels, 3, 2, use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm1")
    return relu(x, name)


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
    x = conv(x, f"{name}-conv1", channels * factor, 1)
    x = norm(x, f"{name}-norm1")
    return relu6(x, name)


def projection(x, name: str, c: float, stride: int):
    """The second half: a depthwise convolution, then fewer channels and no activation.
    What flowed into the first half is added where it has the same shape.

    Here form = keras, without add.
    """
    x = depthwise(x, f"{name}-narrow-depthwise1", stride)
    x = conv(x, f"{name}-narrow-conv1", int(c), 1)
    return norm(x, f"{name}-narrow")


def projection_with_add(x, shortcut, name: str, c: float, stride: int):
    """Like projection, here stride = 1, with add."""
    x = depthwise(x, f"{name}-narrow-depthwise1", stride)
    x = conv(x, f"{name}-narrow-conv1", int(c), 1)
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
    x = conv(x, f"{name}-stem-conv1", 32, 3, strides=2)
    x = norm(x, f"{name}-stem-norm1")
    stem = relu6(x, f"{name}-stem")
    expanded_conv = inverted_residual(stem, f"{name}-expanded_conv", 16)
    expand_1 = expansion(expanded_conv, f"{name}-expand_1", 6)
    block_1 = projection(expand_1, f"{name}-block_1", 24, 2)
    expand_2 = expansion(block_1, f"{name}-expand_2", 6)
    block_2 = projection_with_add(expand_2, block_1, f"{name}-block_2", 24, 1)
    expand_3 = expansion(block_2, f"{name}-expand_3", 6)
    block_3 = projection(expand_3, f"{name}-block_3", 32, 2)
    expand_4 = expansion(block_3, f"{name}-expand_4", 6)
    block_4 = projection_with_add(expand_4, block_3, f"{name}-block_4", 32, 1)
    expand_5 = expansion(block_4, f"{name}-expand_5", 6)
    block_5 = projection_with_add(expand_5, block_4, f"{name}-block_5", 32, 1)
    expand_6 = expansion(block_5, f"{name}-expand_6", 6)
    block_6 = projection(expand_6, f"{name}-block_6", 64, 2)
    expand_7 = expansion(block_6, f"{name}-expand_7", 6)
    block_7 = projection_with_add(expand_7, block_6, f"{name}-block_7", 64, 1)
    expand_8 = expansion(block_7, f"{name}-expand_8", 6)
    block_8 = projection_with_add(expand_8, block_7, f"{name}-block_8", 64, 1)
    expand_9 = expansion(block_8, f"{name}-expand_9", 6)
    block_9 = projection_with_add(expand_9, block_8, f"{name}-block_9", 64, 1)
    expand_10 = expansion(block_9, f"{name}-expand_10", 6)
    block_10 = projection(expand_10, f"{name}-block_10", 96, 1)
    expand_11 = expansion(block_10, f"{name}-expand_11", 6)
    block_11 = projection_with_add(expand_11, block_10, f"{name}-block_11", 96, 1)
    expand_12 = expansion(block_11, f"{name}-expand_12", 6)
    block_12 = projection_with_add(expand_12, block_11, f"{name}-block_12", 96, 1)
    expand_13 = expansion(block_12, f"{name}-expand_13", 6)
    block_13 = projection(expand_13, f"{name}-block_13", 160, 2)
    expand_14 = expansion(block_13, f"{name}-expand_14", 6)
    block_14 = projection_with_add(expand_14, block_13, f"{name}-block_14", 160, 1)
    expand_15 = expansion(block_14, f"{name}-expand_15", 6)
    block_15 = projection_with_add(expand_15, block_14, f"{name}-block_15", 160, 1)
    last_expand = expansion(block_15, f"{name}-last_expand", 6)
    x = depthwise(last_expand, f"{name}-last_project-depthwise1", 1)
    last_project = conv(x, f"{name}-last_project", 320, 1)
    return expand_1, expand_3, expand_6, expand_13, last_project


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters,
        kernel,
        use_bias=False,
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


def conv_transpose(x, name: str, filters: int, kernel, strides, **options):
    taps = area(kernel)
    seen = max(1, taps / area(strides)) * x.shape[-1]
    start = spread("he_normal", seen, taps * filters)
    layer = layers.Conv2DTranspose(
        filters,
        kernel,
        strides,
        padding="same",
        kernel_initializer=start,
        name=name,
        **options,
    )
    return layer(x)


def batch_norm(x, name: str, **options):
    return layers.BatchNormalization(name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def relu6(x, name: str):
    return layers.Activation("relu6", name=name)(x)


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
