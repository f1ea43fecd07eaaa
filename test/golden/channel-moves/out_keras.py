# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_channel_moves(wide: int = 24) -> keras.Model:
    """Channels taken, moved, joined and added: a gate of CBAM, units of ShuffleNet,
    branches of ENet.

    Takes images of 3 channels whose height and width are multiples of 4; "mask" is as
    large and holds logits in 1 channel. 4,780 parameters. Losses take logits with
    from_logits=True; sigmoid makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: groups = 2.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    a_conv = conv(image, "a-conv1", 13, 3, strides=2)
    a_max_pool = max_pool(image, "a-max_pool1", 2)
    x = concat([a_conv, a_max_pool], "a-concat1")
    a = relu(x, "a")  # [N, H / 2, W / 2, 16]
    x = unit(a, "b-unit1", 2)
    b = unit(x, "b", 4)  # [N, H / 2, W / 2, 16]
    c_channel_mean = channel_mean(b, "c-channel_mean1")
    c_channel_max = channel_max(b, "c-channel_max1")
    x = concat([c_channel_mean, c_channel_max], "c-concat1")
    x = conv(x, "c-conv1", 1, 7)
    x = sigmoid(x, "c-sigmoid1")
    c = multiply([b, x], "c")  # [N, H / 2, W / 2, 16]
    d_conv = conv(c, "d-conv1", wide, 3)
    d_pad_channels = pad_channels(c, "d-pad_channels1", wide)
    d = add([d_conv, d_pad_channels], "d")  # [N, H / 2, W / 2, 24]
    x = slice(d, "e-slice1", 2, 10)
    x = space_to_depth(x, "e-space_to_depth1", 2, order="channels_first")
    x = conv(x, "e-conv1", 16, 1)
    x = pixel_shuffle(x, "e-pixel_shuffle1", 2, order="channels_first")
    x = space_to_depth(x, "e-space_to_depth2", 2, order="channels_last")
    e = pixel_shuffle(x, "e", 2, order="channels_last")  # [N, H / 2, W / 2, 4]

    x = resample(
        e, "mask-bilinear1", 2, interpolation="bilinear", coordinates="half_pixel"
    )
    mask = conv(x, "mask", 1, 1)  # [N, H, W, 1]
    return keras.Model(image, mask, name="ChannelMoves")


def check_size(height: int, width: int) -> None:
    """Raises unless ChannelMoves can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "ChannelMoves takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


def unit(x, name: str, groups: int):
    y = split(x, f"{name}-part-split1", 2, 1)
    y = conv(y, f"{name}-part-conv1", 8, 1)
    part = relu(y, f"{name}-part")
    split_tensor = split(x, f"{name}-split1", 2, 0)
    depthwise_conv_tensor = depthwise_conv(
        part,
        f"{name}-depthwise_conv1",
        3,
        padding="same",
        kernel_initializer="he_normal",
    )
    y = concat([split_tensor, depthwise_conv_tensor], f"{name}-concat1")
    return channel_shuffle(y, name, groups)


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


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def resample(x, name: str, factor, **options):
    return Resample(factor, name=name, **options)(x)


def pixel_shuffle(x, name: str, factor, **options):
    return PixelShuffle(factor, name=name, **options)(x)


def space_to_depth(x, name: str, factor, **options):
    return SpaceToDepth(factor, name=name, **options)(x)


def channel_mean(x, name: str):
    return ChannelPooling("mean", name=name)(x)


def channel_max(x, name: str):
    return ChannelPooling("max", name=name)(x)


def slice(x, name: str, start: int, stop: int):
    return ChannelSlice(start, stop, name=name)(x)


def split(x, name: str, parts: int, part: int):
    return ChannelPart(parts, part, name=name)(x)


def channel_shuffle(x, name: str, groups: int):
    return ChannelShuffle(groups, name=name)(x)


def pad_channels(x, name: str, channels: int):
    return ChannelPadding(channels, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


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
class ChannelPadding(layers.Layer):
    """Adds channels of zeros behind those there are."""

    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        self.channels = channels

    def get_config(self):
        return {**super().get_config(), "channels": self.channels}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], self.channels)

    def call(self, x):
        added = self.channels - x.shape[3]
        return ops.pad(x, [(0, 0), (0, 0), (0, 0), (0, added)])


@keras.saving.register_keras_serializable("unetc")
class ChannelPart(layers.Layer):
    """One of several equal parts of the channels."""

    def __init__(self, parts, part, **kwargs):
        super().__init__(**kwargs)
        self.parts = parts
        self.part = part

    def get_config(self):
        return {**super().get_config(), "parts": self.parts, "part": self.part}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], input_shape[3] // self.parts)

    def call(self, x):
        size = x.shape[3] // self.parts
        return x[..., self.part * size : (self.part + 1) * size]


@keras.saving.register_keras_serializable("unetc")
class ChannelPooling(layers.Layer):
    """The mean or the maximum of all channels of each pixel."""

    def __init__(self, take, **kwargs):
        super().__init__(**kwargs)
        self.take = take

    def get_config(self):
        return {**super().get_config(), "take": self.take}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], 1)

    def call(self, x):
        take = ops.mean if self.take == "mean" else ops.max
        return take(x, -1, keepdims=True)


@keras.saving.register_keras_serializable("unetc")
class ChannelShuffle(layers.Layer):
    """Deals the channels of groups out in turn."""

    def __init__(self, groups, **kwargs):
        super().__init__(**kwargs)
        self.groups = groups

    def get_config(self):
        return {**super().get_config(), "groups": self.groups}

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        _, h, w, c = ops.shape(x)
        size = x.shape[3] // self.groups
        parts = ops.reshape(x, (-1, h, w, self.groups, size))
        return ops.reshape(ops.swapaxes(parts, 3, 4), (-1, h, w, c))


@keras.saving.register_keras_serializable("unetc")
class ChannelSlice(layers.Layer):
    """The channels from one to before another, counted from 0."""

    def __init__(self, start, stop, **kwargs):
        super().__init__(**kwargs)
        self.start = start
        self.stop = stop

    def get_config(self):
        return {**super().get_config(), "start": self.start, "stop": self.stop}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], self.stop - self.start)

    def call(self, x):
        return x[..., self.start : self.stop]


@keras.saving.register_keras_serializable("unetc")
class PixelShuffle(layers.Layer):
    """Makes c channels of f * f * c, f times as tall and wide. Place (i, j) of channel
    k is number k * f * f + i * f + j for "channels_first", PyTorch's order, and
    (i * f + j) * c + k for "channels_last", TensorFlow's.
    """

    def __init__(self, factor, order, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.order = order

    def get_config(self):
        return {**super().get_config(), "factor": self.factor, "order": self.order}

    def compute_output_shape(self, input_shape):
        n, h, w, c = input_shape
        sizes = [None if size is None else size * self.factor for size in (h, w)]
        return (n, *sizes, c // self.factor**2)

    def call(self, x):
        f = self.factor
        _, h, w, _ = ops.shape(x)
        c = x.shape[-1] // f**2
        if self.order == "channels_first":
            parts = ops.reshape(x, (-1, h, w, c, f, f))
            x = ops.transpose(parts, (0, 1, 4, 2, 5, 3))
        else:
            parts = ops.reshape(x, (-1, h, w, f, f, c))
            x = ops.transpose(parts, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, h * f, w * f, c))


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


@keras.saving.register_keras_serializable("unetc")
class SpaceToDepth(layers.Layer):
    """Makes f * f * c channels of c, undoing a pixel shuffle of the same order."""

    def __init__(self, factor, order, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.order = order

    def get_config(self):
        return {**super().get_config(), "factor": self.factor, "order": self.order}

    def compute_output_shape(self, input_shape):
        n, h, w, c = input_shape
        sizes = [None if size is None else size // self.factor for size in (h, w)]
        return (n, *sizes, c * self.factor**2)

    def call(self, x):
        f = self.factor
        _, h, w, c = ops.shape(x)
        h, w = h // f, w // f
        parts = ops.reshape(x, (-1, h, f, w, f, c))
        first = self.order == "channels_first"
        order = (0, 1, 3, 5, 2, 4) if first else (0, 1, 3, 2, 4, 5)
        return ops.reshape(ops.transpose(parts, order), (-1, h, w, x.shape[3] * f * f))


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
