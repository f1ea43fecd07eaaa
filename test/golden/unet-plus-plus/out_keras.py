# Made by unetc for Keras from unet-plus-plus.unet; edits are lost.
import keras
from keras import layers, ops


def build_unet_plus_plus(
    classes: int = 1, base: int = 64, channels: int = 3
) -> keras.Model:
    """U-Net++ (Zhou et al. 2018): nested dense skips, and a head on the full-size
    node of every column. Maps come up to sizes fixed with the network, so any
    rows and columns from 16 on will do, but only those.

    Takes images of 512 x 512 pixels and 3 channels; "mask_x1_1", "mask_x1_2",
    "mask_x1_3" and "mask" are [512, 512, 1] and hold logits in 1 channel. 36,644,420
    parameters. Losses take logits with from_logits=True; sigmoid makes probabilities of
    "mask_x1_1", "mask_x1_2", "mask_x1_3" and "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: rows = 512, columns = 512.
    """
    image = keras.Input((512, 512, channels), name="image")  # [N, 512, 512, 3]
    e1 = double_conv(image, "e1", base)  # [N, 512, 512, 64]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, 256, 256, 128]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, 128, 128, 256]

    x = max_pool(e3, "e4-max_pool1", 2)
    e4 = double_conv(x, "e4", base * 8)  # [N, 64, 64, 512]

    x = max_pool(e4, "e5-max_pool1", 2)
    e5 = double_conv(x, "e5", base * 16)  # [N, 32, 32, 1024]

    x = resize_to([e2, e1], "x1_1-resize_to1")
    x = concat([e1, x], "x1_1-concat1")
    x1_1 = double_conv(x, "x1_1", base)  # [N, 512, 512, 64]

    x = resize_to([e3, e2], "x2_1-resize_to1")
    x = concat([e2, x], "x2_1-concat1")
    x2_1 = double_conv(x, "x2_1", base * 2)  # [N, 256, 256, 128]

    x = resize_to([e4, e3], "x3_1-resize_to1")
    x = concat([e3, x], "x3_1-concat1")
    x3_1 = double_conv(x, "x3_1", base * 4)  # [N, 128, 128, 256]

    x = resize_to([e5, e4], "x4_1-resize_to1")
    x = concat([e4, x], "x4_1-concat1")
    x4_1 = double_conv(x, "x4_1", base * 8)  # [N, 64, 64, 512]

    x = resize_to([x2_1, e1], "x1_2-resize_to1")
    x = concat([e1, x1_1, x], "x1_2-concat1")
    x1_2 = double_conv(x, "x1_2", base)  # [N, 512, 512, 64]

    x = resize_to([x3_1, e2], "x2_2-resize_to1")
    x = concat([e2, x2_1, x], "x2_2-concat1")
    x2_2 = double_conv(x, "x2_2", base * 2)  # [N, 256, 256, 128]

    x = resize_to([x4_1, e3], "x3_2-resize_to1")
    x = concat([e3, x3_1, x], "x3_2-concat1")
    x3_2 = double_conv(x, "x3_2", base * 4)  # [N, 128, 128, 256]

    x = resize_to([x2_2, e1], "x1_3-resize_to1")
    x = concat([e1, x1_1, x1_2, x], "x1_3-concat1")
    x1_3 = double_conv(x, "x1_3", base)  # [N, 512, 512, 64]

    x = resize_to([x3_2, e2], "x2_3-resize_to1")
    x = concat([e2, x2_1, x2_2, x], "x2_3-concat1")
    x2_3 = double_conv(x, "x2_3", base * 2)  # [N, 256, 256, 128]

    x = resize_to([x2_3, e1], "x1_4-resize_to1")
    x = concat([e1, x1_1, x1_2, x1_3, x], "x1_4-concat1")
    x1_4 = double_conv(x, "x1_4", base)  # [N, 512, 512, 64]

    mask_x1_1 = conv(x1_1, "mask_x1_1", classes, 1)  # [N, 512, 512, 1]
    mask_x1_2 = conv(x1_2, "mask_x1_2", classes, 1)  # [N, 512, 512, 1]
    mask_x1_3 = conv(x1_3, "mask_x1_3", classes, 1)  # [N, 512, 512, 1]
    mask = conv(x1_4, "mask", classes, 1)  # [N, 512, 512, 1]
    return keras.Model(
        image,
        {
            "mask_x1_1": mask_x1_1,
            "mask_x1_2": mask_x1_2,
            "mask_x1_3": mask_x1_3,
            "mask": mask,
        },
        name="UNetPlusPlus",
    )


def check_size(height: int, width: int) -> None:
    """Raises unless UNetPlusPlus can take images of this size."""
    for size in (height, width):
        if size != 512:
            raise ValueError(
                "UNetPlusPlus takes images whose height and width are 512; "
                f"found {height} x {width}."
            )


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def resize_to(x, name: str):
    return ResizeTo(interpolation="bilinear", coordinates="align_corners", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


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


def positive(number):
    """max(number, 0), also of a size that TensorFlow does not know yet."""
    return (number + abs(number)) // 2
