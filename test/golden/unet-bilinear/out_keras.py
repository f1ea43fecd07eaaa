# Made by unetc for Keras from unet-bilinear.unet; edits are lost.
import keras
from keras import layers, ops


def build_unet_bilinear(
    classes: int = 1, base: int = 64, channels: int = 3
) -> keras.Model:
    """A U-Net that goes up by bilinear interpolation, which keeps the channels:
    the bottom is half as wide, and each decoder stage narrows in its middle.

    Takes images of 3 channels whose height and width are at least 16; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 17,271,809 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
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
    x = double_conv(x, "e5-double_conv1", base * 8)
    e5 = spatial_dropout(x, "e5", 0.5)  # [N, floor(H / 16), floor(W / 16), 512]

    u4 = resample(e5, "u4", 2)  # [N, 2 floor(H / 16), 2 floor(W / 16), 512]
    x = pad_to([u4, e4], "m4-pad_to1")
    m4 = concat([e4, x], "m4")  # [N, floor(H / 8), floor(W / 8), 1024]
    # [N, floor(H / 8), floor(W / 8), 256]
    d4 = double_conv(m4, "d4", base * 4, base * 8)

    u3 = resample(d4, "u3", 2)  # [N, 2 floor(H / 8), 2 floor(W / 8), 256]
    x = pad_to([u3, e3], "m3-pad_to1")
    m3 = concat([e3, x], "m3")  # [N, floor(H / 4), floor(W / 4), 512]
    # [N, floor(H / 4), floor(W / 4), 128]
    d3 = double_conv(m3, "d3", base * 2, base * 4)

    u2 = resample(d3, "u2", 2)  # [N, 2 floor(H / 4), 2 floor(W / 4), 128]
    x = pad_to([u2, e2], "m2-pad_to1")
    m2 = concat([e2, x], "m2")  # [N, floor(H / 2), floor(W / 2), 256]
    d2 = double_conv(m2, "d2", base, base * 2)  # [N, floor(H / 2), floor(W / 2), 64]

    u1 = resample(d2, "u1", 2)  # [N, 2 floor(H / 2), 2 floor(W / 2), 64]
    x = pad_to([u1, e1], "m1-pad_to1")
    m1 = concat([e1, x], "m1")  # [N, H, W, 128]
    d1 = double_conv(m1, "d1", base, base)  # [N, H, W, 64]

    x = conv(d1, "mask-conv1", classes, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="UNetBilinear")


def check_size(height: int, width: int) -> None:
    """Raises unless UNetBilinear can take images of this size."""
    for size in (height, width):
        if size < 16:
            raise ValueError(
                "UNetBilinear takes images whose height and width are at least 16; "
                f"found {height} x {width}."
            )


def double_conv(x, name: str, c: int, mid: int | None = None):
    if mid is None:
        mid = c
    x = conv(x, f"{name}-conv1", mid, 3, use_bias=False)
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


def pad_to(x, name: str):
    return PadTo(name=name)(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def resample(x, name: str, factor):
    layer = Resample(
        factor, interpolation="bilinear", coordinates="align_corners", name=name
    )
    return layer(x)


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
