# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_every_layer() -> keras.Model:
    """One of each layer, in no network's order.

    Takes images of 3 channels whose height is at least 5, and whose width is at least
    7. "mask" is as large and holds probabilities (softmax) in 2 channels. "edges" is as
    large and holds probabilities (sigmoid) in 1 channel. 2,455 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "a-conv1", 4, (3, 5), kernel_initializer="he_normal")
    x = leaky_relu(x, "a-leaky_relu1", 0.01)
    x = conv(x, "a-conv2", 4, 3, padding="same", kernel_initializer="glorot_uniform")
    a = relu6(x, "a")  # [N, H - 2, W - 4, 4]
    x = depthwise_conv(a, "b-depthwise_conv1", 3, depth_multiplier=2)
    x = elu(x, "b-elu1")
    x = depthwise_conv(x, "b-depthwise_conv2", 5, use_bias=False)
    b = selu(x, "b")  # [N, H - 2, W - 4, 8]

    x = max_pool(b, "c-max_pool1", 2)
    x = silu(x, "c-silu1")
    x = conv_transpose(x, "c-conv_transpose1", 4, 2, 2)
    c = hard_swish(x, "c")  # [N, 2 floor(H / 2) - 2, 2 floor(W / 2) - 4, 4]

    x = resize_to(
        [c, b], "d-resize_to1", interpolation="bilinear", coordinates="half_pixel"
    )
    x = concat([b, x], "d-concat1")
    x = avg_pool(x, "d-avg_pool1", 3, strides=2)
    d = gelu(x, "d")  # [N, ceil(H / 2) - 2, ceil(W / 2) - 3, 12]

    x = conv_transpose(d, "e-conv_transpose1", 8, 4, 2, padding="same")
    x = mish(x, "e-mish1")
    # [N, 2 floor(H / 2) - 2, 2 floor(W / 2) - 4, 8]
    e = resize_to([x, c], "e", interpolation="nearest", coordinates="asymmetric")
    x = conv(c, "f-conv1", 8, 1, kernel_initializer="he_normal")
    x = add([x, e], "f-add1")
    x = batch_norm(x, "f-batch_norm1", momentum=0.9)
    f = tanh(x, "f")  # [N, 2 floor(H / 2) - 2, 2 floor(W / 2) - 4, 8]

    x = padded_max_pool(f, "g-max_pool1", 3, strides=2, ceil=True)
    x = upsample(x, "g-nearest1", (2, 1))
    # [N, floor(H / 2) - 1, floor(W / 2) - 2, 8]
    g = padded_avg_pool(x, "g", (2, 1), ceil=True)

    x = resample(g, "h-bilinear1", 2, coordinates="asymmetric")
    x = spatial_dropout(x, "h-spatial_dropout1", 0.1)
    # [N, H, W, 8]
    h = resize_to([x, image], "h", interpolation="bilinear", coordinates="half_pixel")

    x = reflect(h, "i-pad1", ((1, 2), (3, 4)))
    x = crop(x, "i-crop1", ((1, 2), (3, 4)))
    x = pad(x, "i-pad2", 2)

    i_crop_to = crop_to([x, image], "i-crop_to1")
    j_conv = conv(f, "j-conv1", 8, 1, kernel_initializer="he_normal")
    j_resize_to = resize_to(
        [j_conv, i_crop_to],
        "j-resize_to1",
        interpolation="bilinear",
        coordinates="half_pixel",
    )
    j_subtract = subtract([i_crop_to, j_resize_to], "j-subtract1")
    j_global_avg_pool = global_avg_pool(i_crop_to, "j-global_avg_pool1")
    j_global_max_pool = global_max_pool(i_crop_to, "j-global_max_pool1")
    # [N, H, W, 8]
    j = multiply([j_subtract, j_global_avg_pool, j_global_max_pool], "j")
    x = crop(j, "k-crop1", 1)
    x = pad_to([x, image], "k-pad_to1")
    x = dropout(x, "k-dropout1", 0.2)
    x = resample(x, "k-bilinear1", 2, coordinates="half_pixel")
    # [N, H, W, 8]
    k = resize_to(
        [x, image], "k", interpolation="bilinear", coordinates="align_corners"
    )

    x = conv(k, "mask-conv1", 2, 1, kernel_initializer="he_normal")
    mask = softmax(x, "mask")  # [N, H, W, 2]

    x = resize_to(
        [a, image],
        "edges-resize_to1",
        interpolation="bilinear",
        coordinates="half_pixel",
    )
    x = conv(x, "edges-conv1", 1, 1, kernel_initializer="he_normal")
    edges = sigmoid(x, "edges")  # [N, H, W, 1]
    return keras.Model(image, {"mask": mask, "edges": edges}, name="EveryLayer")


def check_size(height: int, width: int) -> None:
    """Raises unless EveryLayer can take images of this size."""
    if height < 5:
        raise ValueError(
            "EveryLayer takes images whose height is at least 5; "
            f"found {height} x {width}."
        )
    if width < 7:
        raise ValueError(
            "EveryLayer takes images whose width is at least 7; "
            f"found {height} x {width}."
        )


def conv(x, name: str, filters: int, kernel, **options):
    return layers.Conv2D(filters, kernel, name=name, **options)(x)


def depthwise_conv(x, name: str, kernel, depth_multiplier: int = 1, **options):
    taps = area(kernel)
    start = spread("he_normal", taps, taps * depth_multiplier)
    layer = layers.DepthwiseConv2D(
        kernel,
        padding="same",
        depth_multiplier=depth_multiplier,
        depthwise_initializer=start,
        name=name,
        **options,
    )
    return layer(x)


def conv_transpose(x, name: str, filters: int, kernel, strides, **options):
    taps = area(kernel)
    seen = max(1, taps / area(strides)) * x.shape[-1]
    start = spread("he_normal", seen, taps * filters)
    layer = layers.Conv2DTranspose(
        filters, kernel, strides, kernel_initializer=start, name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def reflect(x, name: str, edges):
    return ReflectionPadding(edges, name=name)(x)


def pad_to(x, name: str):
    return PadTo(name=name)(x)


def crop(x, name: str, edges):
    return layers.Cropping2D(edges, name=name)(x)


def crop_to(x, name: str):
    return CropTo(name=name)(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def avg_pool(x, name: str, size, **options):
    return layers.AveragePooling2D(size, name=name, **options)(x)


def padded_max_pool(x, name: str, size, **options):
    return PaddedPooling("max", size, name=name, **options)(x)


def padded_avg_pool(x, name: str, size, **options):
    return PaddedPooling("mean", size, name=name, **options)(x)


def global_avg_pool(x, name: str):
    return layers.GlobalAveragePooling2D(keepdims=True, name=name)(x)


def global_max_pool(x, name: str):
    return layers.GlobalMaxPooling2D(keepdims=True, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def resample(x, name: str, factor, **options):
    return Resample(factor, interpolation="bilinear", name=name, **options)(x)


def resize_to(x, name: str, **options):
    return ResizeTo(name=name, **options)(x)


def batch_norm(x, name: str, **options):
    return layers.BatchNormalization(name=name, **options)(x)


def leaky_relu(x, name: str, negative_slope: float):
    return layers.LeakyReLU(negative_slope, name=name)(x)


def relu6(x, name: str):
    return layers.Activation("relu6", name=name)(x)


def elu(x, name: str):
    return layers.Activation("elu", name=name)(x)


def selu(x, name: str):
    return layers.Activation("selu", name=name)(x)


def silu(x, name: str):
    return layers.Activation("silu", name=name)(x)


def hard_swish(x, name: str):
    return layers.Activation("hard_silu", name=name)(x)


def gelu(x, name: str):
    return layers.Activation("gelu", name=name)(x)


def mish(x, name: str):
    return layers.Activation("mish", name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def tanh(x, name: str):
    return layers.Activation("tanh", name=name)(x)


def softmax(x, name: str):
    return layers.Softmax(name=name)(x)


def dropout(x, name: str, rate: float):
    return layers.Dropout(rate, name=name)(x)


def spatial_dropout(x, name: str, rate: float):
    return layers.SpatialDropout2D(rate, name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


def subtract(x, name: str):
    return layers.Subtract(name=name)(x)


def multiply(x, name: str):
    return layers.Multiply(name=name)(x)


def spread(initializer: str, seen: float, reached: float):
    """The initializer of that name for an output that sees, and an input that reaches,
    so many values: He et al. 2015, Glorot and Bengio 2010.
    """
    rule, shape = initializer.split("_")
    variance = 2 / seen if rule == "he" else 2 / (seen + reached)
    if shape == "uniform":
        limit = (3 * variance) ** 0.5
        return keras.initializers.RandomUniform(-limit, limit)
    # What is cut at two deviations has 0.88 of the deviation.
    deviation = variance**0.5 / 0.87962566103423978
    return keras.initializers.TruncatedNormal(stddev=deviation)


def area(size):
    return size * size if isinstance(size, int) else size[0] * size[1]


@keras.saving.register_keras_serializable("unetc")
class CropTo(layers.Layer):
    """Cuts the centre of images to the height and width of a second input; of an odd
    row or column more goes below and right, or half of all is rounded to even.
    """

    def __init__(self, half_even=False, **kwargs):
        super().__init__(**kwargs)
        self.half_even = half_even

    def get_config(self):
        return {**super().get_config(), "half_even": self.half_even}

    def compute_output_shape(self, input_shape):
        image, target = input_shape
        return (image[0], *target[1:3], image[3])

    def call(self, inputs):
        image, target = inputs
        height, width = ops.shape(target)[1:3]
        top = self.first(ops.shape(image)[1] - height)
        left = self.first(ops.shape(image)[2] - width)
        return image[:, top : top + height, left : left + width]

    def first(self, cut):
        half = cut // 2
        return half + (cut % 2) * (half % 2) if self.half_even else half


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
class ReflectionPadding(layers.Layer):
    """Adds edges, ((top, bottom), (left, right)), of what they mirror."""

    def __init__(self, edges, **kwargs):
        super().__init__(**kwargs)
        self.edges = [pair(each) for each in pair(edges)]

    def get_config(self):
        return {**super().get_config(), "edges": self.edges}

    def compute_output_shape(self, input_shape):
        n, *sizes, c = input_shape
        added = [None if h is None else h + sum(e) for h, e in zip(sizes, self.edges)]
        return (n, *added, c)

    def call(self, x):
        return ops.pad(x, [(0, 0), *self.edges, (0, 0)], mode="reflect")


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
