# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_attention() -> keras.Model:
    """Attention over all pixels, with fewer keys, in windows, and a table of places.

    Takes images of 48 x 32 pixels and 3 channels; "mask" is [48, 32, 1] and holds
    logits in 1 channel. 4,653 parameters. Losses take logits with from_logits=True;
    sigmoid makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from them: c = 8, heads = 2.
    """
    image = keras.Input((48, 32, 3), name="image")  # [N, 48, 32, 3]
    x = conv(image, "patches-conv1", 8, 4, strides=4)
    patches = layer_norm(x, "patches")  # [N, 12, 8, 8]
    x = reduced(patches, "wide-reduced1", 8, 2)
    wide = add([patches, x], "wide")  # [N, 12, 8, 8]
    x = windowed_shift_0(wide, "still-windowed1", 8)
    still = add([wide, x], "still")  # [N, 12, 8, 8]
    x = windowed_shift_2(still, "moved-windowed1", 8)
    x = add([still, x], "moved-add1")
    moved = mix(x, "moved", 8)  # [N, 12, 8, 8]

    x = space_to_depth(moved, "places-space_to_depth1", 2, order="channels_first")
    x = conv(x, "places-conv1", 16, 1)
    places = positions(x, "places", (6, 4))  # [N, 6, 4, 16]
    x = whole(places, "merged-whole1", 16)
    merged = add([places, x], "merged")  # [N, 6, 4, 16]

    x = conv(merged, "up-conv1", 32, 1)
    x = pixel_shuffle(x, "up-pixel_shuffle1", 2, order="channels_last")
    up = add([moved, x], "up")  # [N, 12, 8, 8]

    x = resample(
        up, "mask-bilinear1", 4, interpolation="bilinear", coordinates="half_pixel"
    )
    mask = conv(x, "mask", 1, 1)  # [N, 48, 32, 1]
    return keras.Model(image, mask, name="Attention")


def check_size(height: int, width: int) -> None:
    """Raises unless Attention can take images of this size."""
    if height != 48:
        raise ValueError(
            f"Attention takes images whose height is 48; found {height} x {width}."
        )
    if width != 32:
        raise ValueError(
            f"Attention takes images whose width is 32; found {height} x {width}."
        )


def reduced(x, name: str, c: int, ratio: int):
    """Keys and values of a smaller image (Xie et al. 2021, SegFormer).

    Here heads = 2.
    """
    x_tensor = layer_norm(x, f"{name}-x")
    x = conv(x_tensor, f"{name}-few-conv1", c, ratio, strides=ratio)
    few = layer_norm(x, f"{name}-few")
    keys = conv(few, f"{name}-keys", c, 1)
    values = conv(few, f"{name}-values", c, 1)
    x = conv(x_tensor, f"{name}-conv1", c, 1)
    x = attention([x, keys, values], f"{name}-attention1", 2)
    return conv(x, name, c, 1)


def windowed_shift_0(x, name: str, c: int):
    """Windows of 4 x 4 pixels (Liu et al. 2021, Swin).

    Here heads = 2, shift = 0.
    """
    x_tensor = layer_norm(x, f"{name}-x")
    keys = conv(x_tensor, f"{name}-keys", c, 1)
    values = conv(x_tensor, f"{name}-values", c, 1)
    x = conv(x_tensor, f"{name}-taken-conv1", c, 1)
    taken = attention([x, keys, values], f"{name}-taken", 2, window=4, relative=True)
    x = conv(taken, f"{name}-conv1", c, 1)
    return drop_path(x, name, 0.1)


def windowed_shift_2(x, name: str, c: int):
    """Like windowed_shift_0, here shift = 2."""
    x_tensor = layer_norm(x, f"{name}-x")
    keys = conv(x_tensor, f"{name}-keys", c, 1)
    values = conv(x_tensor, f"{name}-values", c, 1)
    x = conv(x_tensor, f"{name}-taken-conv1", c, 1)
    taken = attention(
        [x, keys, values], f"{name}-taken", 2, window=4, shift=2, relative=True
    )
    x = conv(taken, f"{name}-conv1", c, 1)
    return drop_path(x, name, 0.1)


def whole(x, name: str, c: int):
    keys = conv(x, f"{name}-keys", c, 1)
    values = conv(x, f"{name}-values", c // 2, 1)
    x = conv(x, f"{name}-conv1", c, 1)
    x = attention([x, keys, values], f"{name}-attention1", 1, scaled=False)
    return conv(x, name, c, 1)


def mix(x, name: str, c: int):
    x = layer_norm(x, f"{name}-layer_norm1")
    x = conv(x, f"{name}-conv1", 4 * c, 1)
    x = gelu(x, f"{name}-gelu1")
    return conv(x, name, c, 1)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def resample(x, name: str, factor, **options):
    return Resample(factor, name=name, **options)(x)


def pixel_shuffle(x, name: str, factor, **options):
    return PixelShuffle(factor, name=name, **options)(x)


def space_to_depth(x, name: str, factor, **options):
    return SpaceToDepth(factor, name=name, **options)(x)


def attention(x, name: str, heads: int, **options):
    return Attention(heads, name=name, **options)(x)


def positions(x, name: str, size):
    return PositionTable(size, name=name)(x)


def layer_norm(x, name: str):
    return layers.LayerNormalization(epsilon=1e-5, name=name)(x)


def gelu(x, name: str):
    return layers.Activation("gelu", name=name)(x)


def drop_path(x, name: str, rate: float):
    return layers.Dropout(rate, noise_shape=(None, 1, 1, 1), name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


@keras.saving.register_keras_serializable("unetc")
class Attention(layers.Layer):
    """Multi-head attention of queries, keys and values. In windows their grid lies
    `shift` pixels below and right of the corner, on axes longer than a window; no two
    pixels of opposite sides look at each other.
    """

    def __init__(
        self, heads, window=None, shift=0, relative=False, scaled=True, **kwargs
    ):
        super().__init__(**kwargs)
        self.heads = heads
        self.window = window
        self.shift = shift
        self.relative = relative
        self.scaled = scaled

    def get_config(self):
        own = ("heads", "window", "shift", "relative", "scaled")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def build(self, input_shape):
        if self.relative:
            shape = ((2 * self.window - 1) ** 2, self.heads)
            self.table = self.add_weight(shape=shape, initializer="zeros", name="table")

    def compute_output_shape(self, input_shape):
        queries, _, values = input_shape
        return (*queries[:3], values[3])

    def call(self, inputs):
        queries, _, values = inputs
        _, height, width, _ = ops.shape(queries)
        if self.window is None:
            rows = [ops.reshape(x, self.row_shape(x)) for x in inputs]
            taken = self.attend(*rows, None)
        else:
            window = self.window
            counts = (height // window, width // window)
            moved = [self.shift * (1 - positive(2 - count)) for count in counts]
            rows = [self.cut(x, counts, moved) for x in inputs]
            taken = self.attend(*rows, self.added(counts, moved))
            shape = (-1, *counts, window, window, values.shape[3])
            taken = ops.transpose(ops.reshape(taken, shape), (0, 1, 3, 2, 4, 5))
        image = ops.reshape(taken, (-1, height, width, values.shape[3]))
        if self.window is None:
            return image
        return ops.roll(ops.roll(image, moved[0], 1), moved[1], 2)

    def row_shape(self, x):
        _, height, width, _ = ops.shape(x)
        return (-1, height * width, x.shape[3])

    def cut(self, x, counts, moved):
        x = ops.roll(ops.roll(x, -moved[0], 1), -moved[1], 2)
        window = self.window
        x = ops.reshape(x, (-1, counts[0], window, counts[1], window, x.shape[3]))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, window * window, x.shape[5]))

    def attend(self, queries, keys, values, added):
        q, k, v = (self.parts(x) for x in (queries, keys, values))
        if self.scaled:
            q = q / (queries.shape[2] // self.heads) ** 0.5
        products = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2)))
        if added is not None:
            shape = ops.shape(products)
            area = self.window**2
            by_image = ops.reshape(products, (-1, ops.shape(added)[0], *shape[1:]))
            products = ops.reshape(by_image + added, (-1, self.heads, area, area))
        taken = ops.transpose(ops.matmul(ops.softmax(products), v), (0, 2, 1, 3))
        return ops.reshape(taken, (-1, ops.shape(queries)[1], values.shape[2]))

    def parts(self, x):
        length, channels = ops.shape(x)[1], x.shape[2]
        x = ops.reshape(x, (-1, length, self.heads, channels // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def added(self, counts, moved):
        """What is added to products: [windows, heads, pixels, pixels]."""
        window, area = self.window, self.window**2
        added = ops.zeros((1, 1, area, area), self.compute_dtype)
        if self.shift > 0:
            edges = [count * window - by for count, by in zip(counts, moved)]
            rows, columns = (
                ops.cast(ops.arange(count * window, dtype="int32") >= edge, "int32")
                for count, edge in zip(counts, edges)
            )
            sides = 2 * ops.expand_dims(rows, 1) + ops.expand_dims(columns, 0)
            sides = ops.reshape(sides, (counts[0], window, counts[1], window))
            sides = ops.reshape(ops.transpose(sides, (0, 2, 1, 3)), (-1, 1, area))
            apart = ops.expand_dims(sides, 3) != ops.expand_dims(sides, 2)
            added = added - 30000 * ops.cast(apart, self.compute_dtype)
        if self.relative:
            places = ops.arange(window, dtype="int32")
            apart = ops.expand_dims(places, 1) - ops.expand_dims(places, 0) + window - 1
            rows = ops.reshape(apart, (window, 1, window, 1)) * (2 * window - 1)
            index = rows + ops.reshape(apart, (1, window, 1, window))
            table = ops.take(self.table, ops.reshape(index, (-1,)), 0)
            bias = ops.reshape(ops.transpose(table), (1, self.heads, area, area))
            added = added + ops.cast(bias, self.compute_dtype)
        return added


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
class PositionTable(layers.Layer):
    """Adds a weight for each channel of every pixel."""

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = pair(size)

    def get_config(self):
        return {**super().get_config(), "size": self.size}

    def build(self, input_shape):
        shape = (*self.size, input_shape[3])
        self.table = self.add_weight(shape=shape, initializer="zeros", name="table")

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return x + self.table


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
