# Made by unetc for Keras from unet-padded.unet; edits are lost.
import keras
from keras import layers, ops


def build_unet_padded(
    classes: int = 1, base: int = 64, channels: int = 3
) -> keras.Model:
    """A U-Net with transposed convolutions and dropout before the deepest skips;
    any size works, for what comes up is padded to the skip.

    Takes images of 3 channels whose height and width are at least 16; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 31,049,409 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: bias = false.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    e1 = double_conv(image, "e1", base)  # [N, H, W, 64]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, floor(H / 2), floor(W / 2), 128]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, floor(H / 4), floor(W / 4), 256]

    x = max_pool(e3, "e4-max_pool1", 2)
    x = double_conv(x, "e4-double_conv1", base * 8)
    e4 = spatial_dropout(x, "e4", 0.5)  # [N, floor(H / 8), floor(W / 8), 512]

    x = max_pool(e4, "e5-max_pool1", 2)
    x = double_conv(x, "e5-double_conv1", base * 16)
    e5 = spatial_dropout(x, "e5", 0.5)  # [N, floor(H / 16), floor(W / 16), 1024]

    # [N, 2 floor(H / 16), 2 floor(W / 16), 512]
    u4 = conv_transpose(e5, "u4", base * 8, 2, 2)
    x = pad_to([u4, e4], "d4-pad_to1")
    x = concat([e4, x], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, floor(H / 8), floor(W / 8), 512]

    # [N, 2 floor(H / 8), 2 floor(W / 8), 256]
    u3 = conv_transpose(d4, "u3", base * 4, 2, 2)
    x = pad_to([u3, e3], "d3-pad_to1")
    x = concat([e3, x], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, floor(H / 4), floor(W / 4), 256]

    # [N, 2 floor(H / 4), 2 floor(W / 4), 128]
    u2 = conv_transpose(d3, "u2", base * 2, 2, 2)
    x = pad_to([u2, e2], "d2-pad_to1")
    x = concat([e2, x], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, floor(H / 2), floor(W / 2), 128]

    u1 = conv_transpose(d2, "u1", base, 2, 2)  # [N, 2 floor(H / 2), 2 floor(W / 2), 64]
    x = pad_to([u1, e1], "d1-pad_to1")
    x = concat([e1, x], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H, W, 64]

    x = conv(d1, "mask-conv1", classes, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="UNetPadded")


def check_size(height: int, width: int) -> None:
    """Raises unless UNetPadded can take images of this size."""
    for size in (height, width):
        if size < 16:
            raise ValueError(
                "UNetPadded takes images whose height and width are at least 16; "
                f"found {height} x {width}."
            )


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3, use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3, use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


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


def conv_transpose(x, name: str, filters: int, kernel, strides):
    taps = area(kernel)
    seen = max(1, taps / area(strides)) * x.shape[-1]
    start = spread("he_normal", seen, taps * filters)
    layer = layers.Conv2DTranspose(
        filters, kernel, strides, kernel_initializer=start, name=name
    )
    return layer(x)


def pad_to(x, name: str):
    return PadTo(name=name)(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def spatial_dropout(x, name: str, rate: float):
    return layers.SpatialDropout2D(rate, name=name)(x)


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


@keras.saving.register_keras_serializable("unetc")
class PadTo(layers.Layer):
    """Adds zeros around images up to the height and width of a second input."""

    def compute_output_shape(self, input_shape):
        image, target = input_shape
        return (image[0], *target[1:3], image[3])

    def call(self, inputs):
        image, target = inputs
        rows = ops.shape(target)[1] - ops.shape(image)[1]
        columns = ops.shape(target)[2] - ops.shape(image)[2]
        top, left = rows // 2, columns // 2
        edges = [(0, 0), (top, rows - top), (left, columns - left), (0, 0)]
        return ops.pad(image, edges)
