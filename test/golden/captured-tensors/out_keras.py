# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_captured() -> keras.Model:
    """Blocks that read tensors in every way there is.

    Takes images of 3 channels whose height and width are at least 4. "mask" is as large
    and holds probabilities (sigmoid) in 1 channel. "copy" is as large and holds logits
    in 4 channels. 1,185 parameters. Losses take logits with from_logits=True; sigmoid
    makes probabilities of "copy".

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: base = 4.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "e1-conv1", 4, 3)
    e1 = double(x, "e1", 4)  # [N, H, W, 4]
    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = around_with_max_pool(x, e1, "e2")  # [N, H, W, 4]
    e3 = outer(e2, e1, "e3")  # [N, H, W, 4]
    e5 = pick(e3, e1, "e5")  # [N, H, W, 4]
    e6 = pair_block(e5, e3, "e6")  # [N, H, W, 4]
    e7 = pair2(e6, "e7")  # [N, H, W, 4]
    x = ignore(e7, "e8-ignore1")
    e8_maybe = maybe(x, "e8-maybe1")
    e9_conv = conv(e8_maybe, "e9-conv1", 4, 1)
    x = conv(e8_maybe, "e9-conv2", 4, 3)
    e9_relu = relu(x, "e9-relu1")
    e9 = add([e9_conv, e9_relu, e8_maybe], "e9")  # [N, H, W, 4]

    x = conv(e9, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, {"mask": mask, "copy": e9}, name="Captured")


def check_size(height: int, width: int) -> None:
    """Raises unless Captured can take images of this size."""
    for size in (height, width):
        if size < 4:
            raise ValueError(
                "Captured takes images whose height and width are at least 4; "
                f"found {height} x {width}."
            )


def double(x, name: str, c: int):
    x = conv(x, f"{name}-conv2", c, 3)
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv3", c, 3)
    return relu(x, name)


def around_with_max_pool(x, other, name: str):
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv1", 4, 3)
    x = max_pool(x, f"{name}-max_pool2", 2)
    return resize_to([x, other], name)


def around(x, other, name: str):
    """Like around_with_max_pool, here without max_pool."""
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv1", 4, 1)
    x = relu(x, f"{name}-relu2")
    return resize_to([x, other], name)


def outer(x, other, name: str):
    h = around(x, other, f"{name}-h")
    return add([h, x], name)


def pick(input1, input2, name: str):
    all = concat([input1, input2], f"{name}-all")
    x = conv(all, f"{name}-conv1", 4, 1)
    return add([x, input2], name)


def pair_block(x, right, name: str):
    x = concat([x, x, right], f"{name}-concat1")
    return conv(x, name, 4, 1)


def pair2(x, name: str):
    """Like pair_block of other steps."""
    x = concat([x, x, x], f"{name}-concat1")
    return conv(x, name, 4, 1)


def ignore(x, name: str):
    return conv(x, name, 4, 3)


def maybe(x, name: str):
    """Here really = true."""
    x = relu(x, f"{name}-relu1")
    return conv(x, name, 4, 3)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def resize_to(x, name: str):
    return ResizeTo(interpolation="bilinear", coordinates="half_pixel", name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


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
