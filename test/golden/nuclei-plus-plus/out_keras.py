# Made by unetc for Keras from nuclei-plus-plus.unet; edits are lost.
import keras
from keras import layers, ops


def build_nuclei_plus_plus(
    classes: int = 1, base: int = 8, channels: int = 1
) -> keras.Model:
    """A small U-Net++ for nuclei in fluorescence images of 256 x 256 pixels: a head on
    the full-size node of every column, whose probabilities are averaged.

    Takes images of 1 channel whose height and width are multiples of 16; "mask_x1_1",
    "mask_x1_2", "mask_x1_3" and "mask" are as large and hold logits in 1 channel.
    575,724 parameters. Losses take logits with from_logits=True; sigmoid makes
    probabilities of "mask_x1_1", "mask_x1_2", "mask_x1_3" and "mask".

    Values are divided by the largest of their type (255 for 8 bits); then the mean of
    the whole image, over all its pixels and channels together, is taken off, and the
    rest divided by its deviation.

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: predict = average.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 1]
    e1 = double_conv(image, "e1", base)  # [N, H, W, 8]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, H / 2, W / 2, 16]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, H / 4, W / 4, 32]

    x = max_pool(e3, "e4-max_pool1", 2)
    e4 = double_conv(x, "e4", base * 8)  # [N, H / 8, W / 8, 64]

    x = max_pool(e4, "e5-max_pool1", 2)
    e5 = double_conv(x, "e5", base * 16)  # [N, H / 16, W / 16, 128]

    u1_1 = resample(e2, "u1_1", 2)  # [N, H, W, 16]
    x = concat([e1, u1_1], "x1_1-concat1")
    x1_1 = double_conv(x, "x1_1", base)  # [N, H, W, 8]

    u2_1 = resample(e3, "u2_1", 2)  # [N, H / 2, W / 2, 32]
    x = concat([e2, u2_1], "x2_1-concat1")
    x2_1 = double_conv(x, "x2_1", base * 2)  # [N, H / 2, W / 2, 16]

    u3_1 = resample(e4, "u3_1", 2)  # [N, H / 4, W / 4, 64]
    x = concat([e3, u3_1], "x3_1-concat1")
    x3_1 = double_conv(x, "x3_1", base * 4)  # [N, H / 4, W / 4, 32]

    u4_1 = resample(e5, "u4_1", 2)  # [N, H / 8, W / 8, 128]
    x = concat([e4, u4_1], "x4_1-concat1")
    x4_1 = double_conv(x, "x4_1", base * 8)  # [N, H / 8, W / 8, 64]

    u1_2 = resample(x2_1, "u1_2", 2)  # [N, H, W, 16]
    x = concat([e1, x1_1, u1_2], "x1_2-concat1")
    x1_2 = double_conv(x, "x1_2", base)  # [N, H, W, 8]

    u2_2 = resample(x3_1, "u2_2", 2)  # [N, H / 2, W / 2, 32]
    x = concat([e2, x2_1, u2_2], "x2_2-concat1")
    x2_2 = double_conv(x, "x2_2", base * 2)  # [N, H / 2, W / 2, 16]

    u3_2 = resample(x4_1, "u3_2", 2)  # [N, H / 4, W / 4, 64]
    x = concat([e3, x3_1, u3_2], "x3_2-concat1")
    x3_2 = double_conv(x, "x3_2", base * 4)  # [N, H / 4, W / 4, 32]

    u1_3 = resample(x2_2, "u1_3", 2)  # [N, H, W, 16]
    x = concat([e1, x1_1, x1_2, u1_3], "x1_3-concat1")
    x1_3 = double_conv(x, "x1_3", base)  # [N, H, W, 8]

    u2_3 = resample(x3_2, "u2_3", 2)  # [N, H / 2, W / 2, 32]
    x = concat([e2, x2_1, x2_2, u2_3], "x2_3-concat1")
    x2_3 = double_conv(x, "x2_3", base * 2)  # [N, H / 2, W / 2, 16]

    u1_4 = resample(x2_3, "u1_4", 2)  # [N, H, W, 16]
    x = concat([e1, x1_1, x1_2, x1_3, u1_4], "x1_4-concat1")
    x1_4 = double_conv(x, "x1_4", base)  # [N, H, W, 8]

    mask_x1_1 = conv(x1_1, "mask_x1_1", classes, 1)  # [N, H, W, 1]
    mask_x1_2 = conv(x1_2, "mask_x1_2", classes, 1)  # [N, H, W, 1]
    mask_x1_3 = conv(x1_3, "mask_x1_3", classes, 1)  # [N, H, W, 1]
    mask = conv(x1_4, "mask", classes, 1)  # [N, H, W, 1]
    return keras.Model(
        image,
        {
            "mask_x1_1": mask_x1_1,
            "mask_x1_2": mask_x1_2,
            "mask_x1_3": mask_x1_3,
            "mask": mask,
        },
        name="NucleiPlusPlus",
    )


def check_size(height: int, width: int) -> None:
    """Raises unless NucleiPlusPlus can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "NucleiPlusPlus takes images whose height and width are multiples of "
                f"16; found {height} x {width}."
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


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


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
