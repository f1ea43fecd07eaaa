# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_channel_scales(start: float = 0.01) -> keras.Model:
    """Weights of channels: layer scale, norms without scale or shift, one slope for
    all; stochastic depth.

    Takes images of 3 channels whose height and width are at least 4; "mask" is [4
    floor(H / 4), 4 floor(W / 4), 1] and holds logits in 1 channel. 2,563 parameters.
    Losses take logits with from_logits=True; sigmoid makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "a-conv1", 8, 4, strides=4)
    a = layer_norm(x, "a")  # [N, floor(H / 4), floor(W / 4), 8]
    x = branch(a, "b-branch1", start, 0.1)
    b = add([a, x], "b")  # [N, floor(H / 4), floor(W / 4), 8]
    x = branch(b, "c-branch1", 0.5, 0.2)
    x = add([b, x], "c-add1")
    x = plain(x, "c-plain1", 8)
    c = abs_layer(x, "c")  # [N, floor(H / 4), floor(W / 4), 8]
    x = conv(c, "d-conv1", 8, 1)
    x = batch_norm(x, "d-batch_norm1", center=False)
    d = prelu(x, "d", 0.25)  # [N, floor(H / 4), floor(W / 4), 8]
    x = batch_norm(d, "e-batch_norm1", center=False, scale=False)
    e = prelu(x, "e", 0.1)  # [N, floor(H / 4), floor(W / 4), 8]
    f = batch_norm(e, "f", scale=False)  # [N, floor(H / 4), floor(W / 4), 8]

    x = resample(
        f, "mask-bilinear1", 4, interpolation="bilinear", coordinates="half_pixel"
    )
    mask = conv(x, "mask", 1, 1)  # [N, 4 floor(H / 4), 4 floor(W / 4), 1]
    return keras.Model(image, mask, name="ChannelScales")


def check_size(height: int, width: int) -> None:
    """Raises unless ChannelScales can take images of this size."""
    for size in (height, width):
        if size < 4:
            raise ValueError(
                "ChannelScales takes images whose height and width are at least 4; "
                f"found {height} x {width}."
            )


def branch(x, name: str, start: float, rate: float):
    x = depthwise_conv(
        x, f"{name}-depthwise_conv1", 7, padding="same", kernel_initializer="he_normal"
    )
    x = layer_norm(x, f"{name}-layer_norm1")
    x = conv(x, f"{name}-conv1", 16, 1)
    x = gelu(x, f"{name}-gelu1")
    x = conv(x, f"{name}-conv2", 8, 1)
    x = layer_scale(x, f"{name}-layer_scale1", start)
    return drop_path(x, name, rate)


def plain(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3, padding="same", use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm1", scale=False)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def depthwise_conv(x, name: str, kernel, *, kernel_initializer: str, **options):
    taps = area(kernel)
    start = spread(kernel_initializer, taps, taps)
    layer = layers.DepthwiseConv2D(
        kernel, depthwise_initializer=start, name=name, **options
    )
    return layer(x)


def resample(x, name: str, factor, **options):
    return Resample(factor, name=name, **options)(x)


def batch_norm(x, name: str, **options):
    layer = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name, **options)
    return layer(x)


def layer_norm(x, name: str):
    return layers.LayerNormalization(epsilon=1e-5, name=name)(x)


def layer_scale(x, name: str, start: float):
    return ChannelScale(start, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def prelu(x, name: str, start: float):
    layer = layers.PReLU(
        keras.initializers.Constant(start), shared_axes=(1, 2, 3), name=name
    )
    return layer(x)


def gelu(x, name: str):
    return layers.Activation("gelu", name=name)(x)


def abs_layer(x, name: str):
    return Absolute(name=name)(x)


def drop_path(x, name: str, rate: float):
    return layers.Dropout(rate, noise_shape=(None, 1, 1, 1), name=name)(x)


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


@keras.saving.register_keras_serializable("unetc")
class Absolute(layers.Layer):
    """Values without their sign."""

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return ops.abs(x)


@keras.saving.register_keras_serializable("unetc")
class ChannelScale(layers.Layer):
    """Multiplies each channel by a weight."""

    def __init__(self, start, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def get_config(self):
        return {**super().get_config(), "start": self.start}

    def build(self, input_shape):
        start = keras.initializers.Constant(self.start)
        self.gamma = self.add_weight(
            shape=(input_shape[3],), initializer=start, name="gamma"
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return x * self.gamma


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
