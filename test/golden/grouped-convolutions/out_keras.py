# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_grouped_convolutions() -> keras.Model:
    """Dilations and groups: an atrous pyramid after a grouped encoder.

    Takes images of 3 channels whose height and width are multiples of 2; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 7,381 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: cardinality = 4.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "stem-conv1", 8, 3, padding="same", kernel_initializer="he_normal")
    stem = relu(x, "stem")  # [N, H, W, 8]

    x = grouped(stem, "a-grouped1", 16, 4)
    a = max_pool(x, "a", 2)  # [N, H / 2, W / 2, 16]
    x = grouped(a, "b-grouped1", 16, 2)
    x = depthwise_conv(x, "b-depthwise_conv1", 3, dilation_rate=2, depth_multiplier=2)
    b = relu(x, "b")  # [N, H / 2, W / 2, 32]
    one = atrous(b, "one", 1)  # [N, H / 2, W / 2, 4]
    two = atrous(b, "two", 2)  # [N, H / 2, W / 2, 4]
    four = atrous(b, "four", 4)  # [N, H / 2, W / 2, 4]
    # [N, H / 2, W / 2, 4]
    tall = conv(
        b,
        "tall",
        4,
        (3, 1),
        padding="same",
        dilation_rate=(3, 1),
        kernel_initializer="glorot_uniform",
    )

    x = concat([one, two, four, tall], "all-concat1")
    x = conv(x, "all-conv1", 8, 1, kernel_initializer="he_normal")
    # [N, H, W, 8]
    all = resample(x, "all", 2, interpolation="bilinear", coordinates="half_pixel")
    x = pick(
        conv(
            pad_same(stem, "joined-conv1--pad_same", 3, 2, 2),
            "joined-conv1",
            8,
            3,
            dilation_rate=2,
            kernel_initializer="he_normal",
        ),
        "joined-conv1--pick",
        2,
    )
    x = upsample(x, "joined-nearest1", 2)
    joined = concat([all, x], "joined")  # [N, H, W, 16]

    x = conv(joined, "mask-conv1", 1, 1, kernel_initializer="he_normal")
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="GroupedConvolutions")


def check_size(height: int, width: int) -> None:
    """Raises unless GroupedConvolutions can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "GroupedConvolutions takes images whose height and width are multiples "
                f"of 2; found {height} x {width}."
            )


def grouped(x, name: str, c: int, g: int):
    x = conv(
        x,
        f"{name}-x-conv1",
        c,
        3,
        padding="same",
        groups=g,
        use_bias=False,
        kernel_initializer="he_normal",
    )
    x = batch_norm(x, f"{name}-x-batch_norm1")
    x_tensor = relu(x, f"{name}-x")
    x = depthwise_conv(
        x_tensor,
        f"{name}-depthwise_conv1",
        (1, 3),
        dilation_rate=(1, 2),
        use_bias=False,
    )
    return conv(x, name, c, 1, kernel_initializer="he_normal")


def atrous(x, name: str, rate: int):
    x = conv(
        x,
        f"{name}-conv1",
        4,
        3,
        padding="same",
        dilation_rate=rate,
        use_bias=False,
        kernel_initializer="he_normal",
    )
    x = batch_norm(x, f"{name}-batch_norm1")
    return relu(x, name)


def conv(x, name: str, filters: int, kernel, **options):
    return layers.Conv2D(filters, kernel, name=name, **options)(x)


def depthwise_conv(x, name: str, kernel, depth_multiplier: int = 1, **options):
    taps = area(kernel)
    start = spread("he_normal", taps, taps * depth_multiplier)
    layer = layers.DepthwiseConv2D(
        kernel,
        padding="same",
        depth_multiplier=depth_multiplier,
        depthwise_initializer=start,
        name=name,
        **options,
    )
    return layer(x)


def pick(x, name: str, strides):
    return layers.MaxPooling2D(1, strides, name=name)(x)


def pad_same(x, name: str, kernel, strides, dilation):
    return PadSame(kernel, strides, dilation, name=name)(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def resample(x, name: str, factor, **options):
    return Resample(factor, name=name, **options)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


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
class PadSame(layers.Layer):
    """Adds zeros for ceil(size / stride) windows, the odd one below and right."""

    def __init__(self, kernel, strides, dilation, **kwargs):
        super().__init__(**kwargs)
        self.kernel, self.strides = pair(kernel), pair(strides)
        self.dilation = pair(dilation)

    def get_config(self):
        own = ("kernel", "strides", "dilation")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None, None, input_shape[3])

    def call(self, x):
        edges = [(0, 0)]
        for axis, (k, s, d) in enumerate(zip(self.kernel, self.strides, self.dilation)):
            size = ops.shape(x)[1 + axis]
            added = positive((-(-size // s) - 1) * s + (k - 1) * d + 1 - size)
            edges.append((added // 2, added - added // 2))
        return ops.pad(x, [*edges, (0, 0)])


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
