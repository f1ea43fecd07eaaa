# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_pyramid() -> keras.Model:
    """Means over bins beside the map they are taken of (Zhao et al. 2017).

    Takes images of 3 channels whose height and width are at least 2; "mask" is [2
    floor(H / 2), 2 floor(W / 2), 1] and holds probabilities (sigmoid) in 1 channel.
    1,887 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "a-conv1", 8, 3)
    x = relu(x, "a-relu1")
    x = max_pool(x, "a-max_pool1", 2)
    x = conv(x, "a-conv2", 8, 3)
    a = relu(x, "a")  # [N, floor(H / 2), floor(W / 2), 8]
    x = adaptive_avg_pool(a, "b-adaptive_avg_pool1", 1)
    x = conv(x, "b-conv1", 2, 1)
    x = relu(x, "b-relu1")
    b = resize_to([x, a], "b")  # [N, floor(H / 2), floor(W / 2), 2]
    x = adaptive_avg_pool(a, "c-adaptive_avg_pool1", 3)
    x = conv(x, "c-conv1", 2, 1)
    x = relu(x, "c-relu1")
    c = resize_to([x, a], "c")  # [N, floor(H / 2), floor(W / 2), 2]
    x = adaptive_avg_pool(a, "d-adaptive_avg_pool1", (2, 6))
    x = conv(x, "d-conv1", 2, 1)
    x = relu(x, "d-relu1")
    d = resize_to([x, a], "d")  # [N, floor(H / 2), floor(W / 2), 2]
    x = concat([a, b, c, d], "e-concat1")
    x = conv(x, "e-conv1", 8, 3)
    e = relu(x, "e")  # [N, floor(H / 2), floor(W / 2), 8]

    x = resample(
        e, "mask-bilinear1", 2, interpolation="bilinear", coordinates="half_pixel"
    )
    x = conv(x, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, 2 floor(H / 2), 2 floor(W / 2), 1]
    return keras.Model(image, mask, name="Pyramid")


def check_size(height: int, width: int) -> None:
    """Raises unless Pyramid can take images of this size."""
    for size in (height, width):
        if size < 2:
            raise ValueError(
                "Pyramid takes images whose height and width are at least 2; "
                f"found {height} x {width}."
            )


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def adaptive_avg_pool(x, name: str, bins):
    return AdaptiveMean(bins, name=name)(x)


def resample(x, name: str, factor, **options):
    return Resample(factor, name=name, **options)(x)


def resize_to(x, name: str):
    return ResizeTo(interpolation="bilinear", coordinates="half_pixel", name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


@keras.saving.register_keras_serializable("unetc")
class AdaptiveMean(layers.Layer):
    """The mean over a number of bins along each axis, whatever the size of the image;
    bin i of s holds the pixels floor(i * size / s) to ceil((i + 1) * size / s) - 1.
    """

    def __init__(self, bins, **kwargs):
        super().__init__(**kwargs)
        self.bins = pair(bins)

    def get_config(self):
        return {**super().get_config(), "bins": self.bins}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.bins, input_shape[3])

    def call(self, x):
        for axis, bins in enumerate(self.bins, start=1):
            x = ops.swapaxes(x, 1, axis)
            size = ops.shape(x)[1]
            ends = [(i * size // bins, -(-(i + 1) * size // bins)) for i in range(bins)]
            means = [ops.mean(x[:, a:b], 1, keepdims=True) for a, b in ends]
            x = ops.swapaxes(ops.concatenate(means, 1), 1, axis)
        return x


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
