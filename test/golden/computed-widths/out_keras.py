# Made by unetc for Keras from spec.unet; edits are lost.
import math

import keras
from keras import layers, ops


def build_scaled(base: int = 8) -> keras.Model:
    """Widths that are worked out: no expression of a module, so calls give numbers.

    Takes images of 3 channels whose height and width are multiples of 2; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 34,524 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "s1-conv1", base, 3)
    s1 = relu6(x, "s1")  # [N, H, W, 8]

    x = inverted(s1, "s2-inverted1", base)
    s2 = inverted(x, "s2", math.floor(1.3 * base + 0.5), 2)  # [N, H / 2, W / 2, 10]
    x = inverted(s2, "s3-inverted1", 2 * base)
    s3 = inverted(x, "s3", 2 * base, kernel=5)  # [N, H / 2, W / 2, 16]

    # [N, H, W, 16]
    u1 = resample(s3, "u1", 2, interpolation="bilinear", coordinates="half_pixel")
    x = concat([s1, u1], "d1-concat1")
    d1 = inverted(x, "d1", base)  # [N, H, W, 8]

    x = conv(d1, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="Scaled")


def check_size(height: int, width: int) -> None:
    """Raises unless Scaled can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "Scaled takes images whose height and width are multiples of 2; "
                f"found {height} x {width}."
            )


def inverted(x, name: str, c: int, stride: int = 1, kernel: int = 3):
    """A wide depthwise convolution between two narrow ones, with squeezed channels."""
    channels = x.shape[-1]
    x = conv(x, f"{name}-conv1", math.floor(channels * 5.5 + 0.5), 1, use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu6(x, f"{name}-relu61")
    x = depthwise_conv(
        x,
        f"{name}-depthwise_conv1",
        kernel,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )
    x = batch_norm(x, f"{name}-batch_norm2")
    x = relu6(x, f"{name}-relu62")
    x = squeeze(x, f"{name}-squeeze1")
    x = conv(x, f"{name}-conv2", c, 1, use_bias=False)
    return batch_norm(x, name)


def squeeze(x, name: str):
    channels = x.shape[-1]
    y = global_avg_pool(x, f"{name}-weight-global_avg_pool1")
    y = conv(y, f"{name}-weight-conv1", max(4, math.floor(channels / 4 + 0.5)), 1)
    y = relu(y, f"{name}-weight-relu1")
    y = conv(y, f"{name}-weight-conv2", channels, 1)
    weight = sigmoid(y, f"{name}-weight")
    return multiply([x, weight], name)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters,
        kernel,
        padding="same",
        kernel_initializer="he_normal",
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


def global_avg_pool(x, name: str):
    return layers.GlobalAveragePooling2D(keepdims=True, name=name)(x)


def resample(x, name: str, factor, **options):
    return Resample(factor, name=name, **options)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def relu6(x, name: str):
    return layers.Activation("relu6", name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def multiply(x, name: str):
    return layers.Multiply(name=name)(x)


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
class Resample(layers.Layer):
    """Makes images larger by whole factors; `sample` says how."""

    def __init__(self, factor, interpolation, coordinates, **kwargs):
        super().__init__(**kwargs)
        self.factor = pair(factor)
        self.interpolation = interpolation
        self.coordinates = coordinates

    def get_config(self):
        own = ("factor", "interpolation", "coordinates")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        n, *sizes, c = input_shape
        made = [None if h is None else h * f for h, f in zip(sizes, self.factor)]
        return (n, *made, c)

    def call(self, x):
        height, width = (ops.shape(x)[1 + axis] * self.factor[axis] for axis in (0, 1))
        return sample(x, height, width, self.interpolation, self.coordinates)


def sample(x, height, width, interpolation, coordinates):
    """Values between pixels ("bilinear") or of the nearest ones, halves going up. Pixel
    i of `new` lies on the old ones at (i + 1/2) old / new - 1/2 for "half_pixel", at
    i (old - 1) / (new - 1) for "align_corners", at i old / new for "asymmetric"; the
    nearest one is then the one before.
    """
    for axis, new in ((1, height), (2, width)):
        old = ops.shape(x)[axis]
        steps = ops.arange(new, dtype="int32")
        # Places are whole numbers over a whole number.
        if coordinates == "half_pixel":
            places, unit = (2 * steps + 1) * old - new, 2 * new
        elif coordinates == "align_corners":
            places, unit = steps * (old - 1), 1 + positive(new - 2)
        else:
            places, unit = steps * old, new
        if interpolation == "nearest":
            if coordinates != "asymmetric":
                places, unit = 2 * places + unit, 2 * unit
            x = ops.take(x, places // unit, axis)
            continue
        places = ops.maximum(places, 0)
        low = ops.minimum(places // unit, old - 1)
        high = ops.minimum(low + 1, old - 1)
        share = ops.cast(places - low * unit, x.dtype) / ops.cast(unit, x.dtype)
        share = ops.reshape(share, (-1, 1, 1) if axis == 1 else (-1, 1))
        x = (1 - share) * ops.take(x, low, axis) + share * ops.take(x, high, axis)
    return x


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def positive(number):
    """max(number, 0), also of a size that TensorFlow does not know yet."""
    return (number + abs(number)) // 2
