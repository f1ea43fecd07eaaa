# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_padded_pools() -> keras.Model:
    """Pools whose windows lie beyond the image.

    Takes images of 3 channels, of any size; "mask" is as large and holds probabilities
    (sigmoid) in 1 channel. 2,401 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(pad(image, "stem-conv1--pad", 3), "stem-conv1", 8, 7, strides=2)
    x = relu(x, "stem-relu1")
    stem = padded_max_pool(x, "stem", 3)  # [N, ceil(H / 4), ceil(W / 4), 8]
    x = pooled_size_3(stem, "a-pooled1", 3)
    a = pooled_size_5(x, "a", 5)  # [N, ceil(H / 4), ceil(W / 4), 8]
    # [N, ceil(H / 4), ceil(W / 4), 8]
    b = padded_avg_pool(a, "b", (3, 2), edges=((1, 1), (1, 0)))
    x = padded_max_pool(b, "c-max_pool1", 3, ceil=True)
    x = conv(x, "c-conv1", 4, 1)
    c = resize_to([x, b], "c")  # [N, ceil(H / 4), ceil(W / 4), 4]

    x = concat([b, c], "mask-concat1")
    x = conv(x, "mask-conv1", 1, 1)
    x = resize_to([x, image], "mask-resize_to1")
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="PaddedPools")


def pooled_size_3(x, name: str, size: int):
    x = padded_avg_pool(x, f"{name}-avg_pool1", size, edges=1)
    x = conv(x, f"{name}-conv1", 8, 3, padding="same")
    return relu(x, name)


def pooled_size_5(x, name: str, size: int):
    """Like pooled_size_3, here size = 5."""
    x = padded_avg_pool(x, f"{name}-avg_pool1", size, edges=2)
    x = conv(x, f"{name}-conv1", 8, 3, padding="same")
    return relu(x, name)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def padded_max_pool(x, name: str, size, **options):
    return PaddedPooling("max", size, strides=2, edges=1, name=name, **options)(x)


def padded_avg_pool(x, name: str, size, **options):
    return PaddedPooling("mean", size, strides=1, name=name, **options)(x)


def resize_to(x, name: str):
    return ResizeTo(interpolation="bilinear", coordinates="half_pixel", name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


@keras.saving.register_keras_serializable("unetc")
class PaddedPooling(layers.Layer):
    """The "max" or the "mean" of windows over the pixels that exist. Windows reach
    beyond the image by edges, ((top, bottom), (left, right)), or are
    ceil(size / stride) for "same"; with `ceil` a last, partial one counts that begins
    inside the image or its first edge.
    """

    def __init__(self, take, size, strides=None, edges=0, ceil=False, **kwargs):
        super().__init__(**kwargs)
        self.take = take
        self.size = pair(size)
        self.strides = pair(strides or size)
        self.edges = edges if edges == "same" else [pair(each) for each in pair(edges)]
        self.ceil = ceil

    def get_config(self):
        own = ("take", "size", "strides", "edges", "ceil")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None, None, input_shape[3])

    def call(self, x):
        sizes = ops.shape(x)[1:3]
        added = [(0, 0), *(self.around(axis, sizes[axis]) for axis in (0, 1)), (0, 0)]
        if self.take == "max":
            x = ops.pad(x, added, constant_values=float("-inf"))
            return ops.max_pool(x, self.size, self.strides)
        sums, counts = (
            ops.average_pool(ops.pad(each, added), self.size, self.strides)
            for each in (x, ops.ones_like(x[:1, :, :, :1]))
        )
        return sums / counts

    def around(self, axis, have):
        """How many pixels windows along an axis see before and behind the image."""
        window, step = self.size[axis], self.strides[axis]
        if self.edges == "same":
            added = positive((-(-have // step) - 1) * step + window - have)
            return added // 2, added - added // 2
        first, last = self.edges[axis]
        if not self.ceil:
            return first, last
        most = -(-(have + first) // step)
        count = most - positive(most - 1 + (window - have - first - last) // step)
        return first, positive((count - 1) * step + window - have - first)


@keras.saving.register_keras_serializable("unetc")
class ResizeTo(layers.Layer):
    """Resizes images to the height and width of a second input; `sample` says how."""

    def __init__(self, interpolation, coordinates, **kwargs):
        super().__init__(**kwargs)
        self.interpolation = interpolation
        self.coordinates = coordinates

    def get_config(self):
        own = ("interpolation", "coordinates")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        image, target = input_shape
        return (image[0], *target[1:3], image[3])

    def call(self, inputs):
        image, target = inputs
        height, width = ops.shape(target)[1:3]
        return sample(image, height, width, self.interpolation, self.coordinates)


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
