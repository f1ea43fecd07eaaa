# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_residual_unet(classes: int = 3) -> keras.Model:
    """Residual stages whose first step strides and projects its shortcut.

    Takes images of 3 channels whose height and width are multiples of 4; "mask" is as
    large and holds logits in 3 channels. 74,747 parameters. Losses take logits with
    from_logits=True; softmax makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: base = 8.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "stem-conv1", 8, 3)
    x = batch_norm(x, "stem-batch_norm1")
    stem = relu(x, "stem")  # [N, H, W, 8]
    s1 = residual(stem, "s1", 8)  # [N, H, W, 8]

    x = residual_with_shortcut(s1, "s2-residual1", 16, 2)
    s2 = residual(x, "s2", 16)  # [N, H / 2, W / 2, 16]

    x = residual_with_shortcut(s2, "s3-residual1", 32, 2)
    s3 = residual(x, "s3", 32, 2)  # [N, H / 4, W / 4, 32]

    u2 = resample(s3, "u2", 2)  # [N, H / 2, W / 2, 32]
    x = concat([s2, u2], "d2-concat1")
    d2 = residual_with_shortcut(x, "d2", 16)  # [N, H / 2, W / 2, 16]

    u1 = resample(d2, "u1", 2)  # [N, H, W, 16]
    x = concat([s1, u1], "d1-concat1")
    d1 = residual_with_shortcut(x, "d1", 8)  # [N, H, W, 8]

    mask = conv(d1, "mask", classes, 1)  # [N, H, W, 3]
    return keras.Model(image, mask, name="ResidualUNet")


def check_size(height: int, width: int) -> None:
    """Raises unless ResidualUNet can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "ResidualUNet takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


def residual(x, name: str, c: int, expand: int = 1):
    """Two convolutions and a shortcut, which is projected where shapes differ.

    Here without shortcut.
    """
    y = conv(x, f"{name}-h-conv1", c * expand, 3, use_bias=False)
    y = batch_norm(y, f"{name}-h-batch_norm1")
    h = relu(y, f"{name}-h")
    y = conv(h, f"{name}-h_2-conv1", c, 3, use_bias=False)
    h_2 = batch_norm(y, f"{name}-h_2")
    y = add([x, h_2], f"{name}-add1")
    return relu(y, name)


def residual_with_shortcut(x, name: str, c: int, stride: int = 1):
    """Like residual, here expand = 1, with shortcut."""
    y = conv(x, f"{name}-h-conv1", c, 3, strides=stride, use_bias=False)
    y = batch_norm(y, f"{name}-h-batch_norm1")
    h = relu(y, f"{name}-h")
    y = conv(h, f"{name}-h_2-conv1", c, 3, use_bias=False)
    h_2 = batch_norm(y, f"{name}-h_2")
    y = conv(x, f"{name}-shortcut-conv1", c, 1, strides=stride, use_bias=False)
    shortcut = batch_norm(y, f"{name}-shortcut")
    y = add([shortcut, h_2], f"{name}-add1")
    return relu(y, name)


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


def resample(x, name: str, factor):
    layer = Resample(
        factor, interpolation="bilinear", coordinates="half_pixel", name=name
    )
    return layer(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


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
