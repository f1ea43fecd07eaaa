# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_small(classes: int = 2, base: int = 4) -> keras.Model:
    """A small network.

    Takes square images of 3 channels whose height and width are multiples of 2. "mask"
    is as large and holds logits in 2 channels. "distance" is as large and holds
    probabilities (sigmoid) in 1 channel. 1,371 parameters. Losses take logits with
    from_logits=True; sigmoid makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, H, 3]
    e1 = step(image, "e1", base, 3)  # [N, H, H, 4]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = step(x, "e2", 2 * base, 5)  # [N, H / 2, H / 2, 8]

    u1 = upsample(e2, "u1", 2)  # [N, H, H, 8]
    x = concat([e1, u1], "d1-concat1")
    d1 = step(x, "d1", base, 3)  # [N, H, H, 4]

    mask = conv(d1, "mask", classes, 1)  # [N, H, H, 2]

    x = conv(d1, "distance-conv1", 1, 1)
    distance = sigmoid(x, "distance")  # [N, H, H, 1]
    return keras.Model(image, {"mask": mask, "distance": distance}, name="Small")


def check_size_small(height: int, width: int) -> None:
    """Raises unless Small can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "Small takes images whose height and width are multiples of 2; "
                f"found {height} x {width}."
            )
    if height != width:
        raise ValueError(
            "Small takes images whose height and width are equal; "
            f"found {height} x {width}."
        )


def build_fixed() -> keras.Model:
    """The same for images of one size.

    Takes images of 40 x 24 pixels and 3 channels; "mask" is [40, 24, 1] and holds
    probabilities (sigmoid) in 1 channel. 849 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """
    image = keras.Input((40, 24, 3), name="image")  # [N, 40, 24, 3]
    e1 = step(image, "e1", 4, 3)  # [N, 40, 24, 4]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = step(x, "e2", 8, 3)  # [N, 20, 12, 8]

    x = resize_to(
        [e2, e1], "mask-resize_to1", interpolation="bilinear", coordinates="half_pixel"
    )
    x = concat([e1, x], "mask-concat1")
    x = step(x, "mask-step1", 4, 3)
    x = conv(x, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, 40, 24, 1]
    return keras.Model(image, mask, name="Fixed")


def check_size_fixed(height: int, width: int) -> None:
    """Raises unless Fixed can take images of this size."""
    if height != 40:
        raise ValueError(
            f"Fixed takes images whose height is 40; found {height} x {width}."
        )
    if width != 24:
        raise ValueError(
            f"Fixed takes images whose width is 24; found {height} x {width}."
        )


def step(x, name: str, c: int, kernel: int):
    x = conv(x, f"{name}-conv1", c, kernel)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def resize_to(x, name: str, **options):
    return ResizeTo(name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


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
