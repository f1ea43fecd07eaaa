# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_gated_heads(classes: int = 2, base: int = 4) -> keras.Model:
    """Columns supervised with a gate that a judge of the whole image opens.

    Takes images of 3 channels whose height and width are multiples of 4. "present" is
    [1, 1, 2] and holds probabilities (sigmoid) in 2 channels. "mask_x1_1", "mask" and
    "ensemble" are as large and hold probabilities (sigmoid) in 2 channels. 4,392
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: judged = true.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    e1 = step(image, "e1", base)  # [N, H, W, 4]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = step(x, "e2", base * 2)  # [N, H / 2, W / 2, 8]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = step(x, "e3", base * 4)  # [N, H / 4, W / 4, 16]

    u1_1 = resample(e2, "u1_1", 2)  # [N, H, W, 8]
    x = concat([e1, u1_1], "x1_1-concat1")
    x1_1 = step(x, "x1_1", base)  # [N, H, W, 4]

    u2_1 = resample(e3, "u2_1", 2)  # [N, H / 2, W / 2, 16]
    x = concat([e2, u2_1], "x2_1-concat1")
    x2_1 = step(x, "x2_1", base * 2)  # [N, H / 2, W / 2, 8]

    u1_2 = resample(x2_1, "u1_2", 2)  # [N, H, W, 8]
    x = concat([e1, x1_1, u1_2], "x1_2-concat1")
    x1_2 = step(x, "x1_2", base)  # [N, H, W, 4]

    x = conv(e3, "present-conv1", classes, 1)
    x = global_avg_pool(x, "present-global_avg_pool1")
    present = sigmoid(x, "present")  # [N, 1, 1, 2]

    x = conv(x1_1, "mask_x1_1-conv1", classes, 1)
    mask_x1_1_sigmoid = sigmoid(x, "mask_x1_1-sigmoid1")
    mask_x1_1_is_largest = is_largest(present, "mask_x1_1-is_largest1", 1)
    # [N, H, W, 2]
    mask_x1_1 = multiply([mask_x1_1_sigmoid, mask_x1_1_is_largest], "mask_x1_1")

    x = conv(x1_2, "mask-conv1", classes, 1)
    mask_sigmoid = sigmoid(x, "mask-sigmoid1")
    mask_is_largest = is_largest(present, "mask-is_largest1", 1)
    mask = multiply([mask_sigmoid, mask_is_largest], "mask")  # [N, H, W, 2]

    x = conv(x1_1, "ensemble-conv1", classes, 1)
    x = sigmoid(x, "ensemble-sigmoid1")
    ensemble = average([mask, x], "ensemble")  # [N, H, W, 2]
    return keras.Model(
        image,
        {
            "present": present,
            "mask_x1_1": mask_x1_1,
            "mask": mask,
            "ensemble": ensemble,
        },
        name="GatedHeads",
    )


def check_size(height: int, width: int) -> None:
    """Raises unless GatedHeads can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "GatedHeads takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


def step(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def global_avg_pool(x, name: str):
    return layers.GlobalAveragePooling2D(keepdims=True, name=name)(x)


def resample(x, name: str, factor):
    layer = Resample(
        factor, interpolation="bilinear", coordinates="half_pixel", name=name
    )
    return layer(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def average(x, name: str):
    return layers.Average(name=name)(x)


def multiply(x, name: str):
    return layers.Multiply(name=name)(x)


def is_largest(x, name: str, channel: int):
    return IsLargest(channel, name=name)(x)


@keras.saving.register_keras_serializable("unetc")
class IsLargest(layers.Layer):
    """1 where a channel has the largest value of all, the first of equals, else 0."""

    def __init__(self, channel, **kwargs):
        super().__init__(**kwargs)
        self.channel = channel

    def get_config(self):
        return {**super().get_config(), "channel": self.channel}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], 1)

    def call(self, x):
        value = x[..., self.channel : self.channel + 1]
        before = ops.any(x[..., : self.channel] >= value, -1, keepdims=True)
        after = ops.any(x[..., self.channel + 1 :] > value, -1, keepdims=True)
        return ops.cast(ops.logical_not(ops.logical_or(before, after)), x.dtype)


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
