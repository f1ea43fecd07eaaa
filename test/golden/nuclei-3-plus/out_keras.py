# Made by unetc for Keras from nuclei-3-plus.unet; edits are lost.
import keras
from keras import layers, ops


def build_nuclei3_plus(
    classes: int = 1, base: int = 8, channels: int = 1
) -> keras.Model:
    """A small UNet 3+ for nuclei in fluorescence images: every decoder node sees every
    scale and has a head, and a classifier at the bottom may empty the masks.

    Takes images of 1 channel whose height and width are multiples of 16. "present" is
    [1, 1, 2] and holds probabilities (sigmoid) in 2 channels. "mask", "mask_d2",
    "mask_d3", "mask_d4" and "mask_e5" are as large and hold probabilities (sigmoid) in
    1 channel. 428,063 parameters.

    Values are divided by the largest of their type (255 for 8 bits); then the mean of
    the whole image, over all its pixels and channels together, is taken off, and the
    rest divided by its deviation.

    Numbers of channels and of parameters are those of the defaults.
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

    x = padded_max_pool(e1, "b4_e1-max_pool1", 8)
    b4_e1 = conv_batch_norm_relu(x, "b4_e1", base)  # [N, H / 8, W / 8, 8]

    x = padded_max_pool(e2, "b4_e2-max_pool1", 4)
    b4_e2 = conv_batch_norm_relu(x, "b4_e2", base)  # [N, H / 8, W / 8, 8]

    x = padded_max_pool(e3, "b4_e3-max_pool1", 2)
    b4_e3 = conv_batch_norm_relu(x, "b4_e3", base)  # [N, H / 8, W / 8, 8]

    b4_e4 = conv_batch_norm_relu(e4, "b4_e4", base)  # [N, H / 8, W / 8, 8]

    x = resample(e5, "b4_e5-bilinear1", 2)
    b4_e5 = conv_batch_norm_relu(x, "b4_e5", base)  # [N, H / 8, W / 8, 8]

    x = concat([b4_e1, b4_e2, b4_e3, b4_e4, b4_e5], "d4-concat1")
    d4 = conv_batch_norm_relu(x, "d4", 5 * base)  # [N, H / 8, W / 8, 40]

    x = padded_max_pool(e1, "b3_e1-max_pool1", 4)
    b3_e1 = conv_batch_norm_relu(x, "b3_e1", base)  # [N, H / 4, W / 4, 8]

    x = padded_max_pool(e2, "b3_e2-max_pool1", 2)
    b3_e2 = conv_batch_norm_relu(x, "b3_e2", base)  # [N, H / 4, W / 4, 8]

    b3_e3 = conv_batch_norm_relu(e3, "b3_e3", base)  # [N, H / 4, W / 4, 8]

    x = resample(d4, "b3_d4-bilinear1", 2)
    b3_d4 = conv_batch_norm_relu(x, "b3_d4", base)  # [N, H / 4, W / 4, 8]

    x = resample(e5, "b3_e5-bilinear1", 4)
    b3_e5 = conv_batch_norm_relu(x, "b3_e5", base)  # [N, H / 4, W / 4, 8]

    x = concat([b3_e1, b3_e2, b3_e3, b3_d4, b3_e5], "d3-concat1")
    d3 = conv_batch_norm_relu(x, "d3", 5 * base)  # [N, H / 4, W / 4, 40]

    x = padded_max_pool(e1, "b2_e1-max_pool1", 2)
    b2_e1 = conv_batch_norm_relu(x, "b2_e1", base)  # [N, H / 2, W / 2, 8]

    b2_e2 = conv_batch_norm_relu(e2, "b2_e2", base)  # [N, H / 2, W / 2, 8]

    x = resample(d3, "b2_d3-bilinear1", 2)
    b2_d3 = conv_batch_norm_relu(x, "b2_d3", base)  # [N, H / 2, W / 2, 8]

    x = resample(d4, "b2_d4-bilinear1", 4)
    b2_d4 = conv_batch_norm_relu(x, "b2_d4", base)  # [N, H / 2, W / 2, 8]

    x = resample(e5, "b2_e5-bilinear1", 8)
    b2_e5 = conv_batch_norm_relu(x, "b2_e5", base)  # [N, H / 2, W / 2, 8]

    x = concat([b2_e1, b2_e2, b2_d3, b2_d4, b2_e5], "d2-concat1")
    d2 = conv_batch_norm_relu(x, "d2", 5 * base)  # [N, H / 2, W / 2, 40]

    b1_e1 = conv_batch_norm_relu(e1, "b1_e1", base)  # [N, H, W, 8]

    x = resample(d2, "b1_d2-bilinear1", 2)
    b1_d2 = conv_batch_norm_relu(x, "b1_d2", base)  # [N, H, W, 8]

    x = resample(d3, "b1_d3-bilinear1", 4)
    b1_d3 = conv_batch_norm_relu(x, "b1_d3", base)  # [N, H, W, 8]

    x = resample(d4, "b1_d4-bilinear1", 8)
    b1_d4 = conv_batch_norm_relu(x, "b1_d4", base)  # [N, H, W, 8]

    x = resample(e5, "b1_e5-bilinear1", 16)
    b1_e5 = conv_batch_norm_relu(x, "b1_e5", base)  # [N, H, W, 8]

    x = concat([b1_e1, b1_d2, b1_d3, b1_d4, b1_e5], "d1-concat1")
    d1 = conv_batch_norm_relu(x, "d1", 5 * base)  # [N, H, W, 40]

    x = dropout(e5, "present-dropout1", 0.5)
    x = conv(x, "present-conv1", 2, 1)
    x = global_max_pool(x, "present-global_max_pool1")
    present = sigmoid(x, "present")  # [N, 1, 1, 2]

    x = conv(d1, "mask-conv1", classes, 3)
    x = resize_to([x, image], "mask-resize_to1")
    mask_sigmoid = sigmoid(x, "mask-sigmoid1")
    mask_is_largest = is_largest(present, "mask-is_largest1", 1)
    mask = multiply([mask_sigmoid, mask_is_largest], "mask")  # [N, H, W, 1]

    x = conv(d2, "mask_d2-conv1", classes, 3)
    x = resize_to([x, image], "mask_d2-resize_to1")
    mask_d2_sigmoid = sigmoid(x, "mask_d2-sigmoid1")
    mask_d2_is_largest = is_largest(present, "mask_d2-is_largest1", 1)
    mask_d2 = multiply([mask_d2_sigmoid, mask_d2_is_largest], "mask_d2")  # [N, H, W, 1]

    x = conv(d3, "mask_d3-conv1", classes, 3)
    x = resize_to([x, image], "mask_d3-resize_to1")
    mask_d3_sigmoid = sigmoid(x, "mask_d3-sigmoid1")
    mask_d3_is_largest = is_largest(present, "mask_d3-is_largest1", 1)
    mask_d3 = multiply([mask_d3_sigmoid, mask_d3_is_largest], "mask_d3")  # [N, H, W, 1]

    x = conv(d4, "mask_d4-conv1", classes, 3)
    x = resize_to([x, image], "mask_d4-resize_to1")
    mask_d4_sigmoid = sigmoid(x, "mask_d4-sigmoid1")
    mask_d4_is_largest = is_largest(present, "mask_d4-is_largest1", 1)
    mask_d4 = multiply([mask_d4_sigmoid, mask_d4_is_largest], "mask_d4")  # [N, H, W, 1]

    x = conv(e5, "mask_e5-conv1", classes, 3)
    x = resize_to([x, image], "mask_e5-resize_to1")
    mask_e5_sigmoid = sigmoid(x, "mask_e5-sigmoid1")
    mask_e5_is_largest = is_largest(present, "mask_e5-is_largest1", 1)
    mask_e5 = multiply([mask_e5_sigmoid, mask_e5_is_largest], "mask_e5")  # [N, H, W, 1]
    return keras.Model(
        image,
        {
            "present": present,
            "mask": mask,
            "mask_d2": mask_d2,
            "mask_d3": mask_d3,
            "mask_d4": mask_d4,
            "mask_e5": mask_e5,
        },
        name="Nuclei3Plus",
    )


def check_size(height: int, width: int) -> None:
    """Raises unless Nuclei3Plus can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "Nuclei3Plus takes images whose height and width are multiples of 16; "
                f"found {height} x {width}."
            )


def conv_batch_norm_relu(x, name: str, channels: int):
    x = conv(x, f"{name}-conv1", channels, 3)
    x = batch_norm(x, f"{name}-batch_norm1")
    return relu(x, name)


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


def padded_max_pool(x, name: str, size):
    return PaddedPooling("max", size, ceil=True, name=name)(x)


def global_max_pool(x, name: str):
    return layers.GlobalMaxPooling2D(keepdims=True, name=name)(x)


def resample(x, name: str, factor):
    layer = Resample(
        factor, interpolation="bilinear", coordinates="half_pixel", name=name
    )
    return layer(x)


def resize_to(x, name: str):
    return ResizeTo(interpolation="bilinear", coordinates="half_pixel", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def dropout(x, name: str, rate: float):
    return layers.Dropout(rate, name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


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
