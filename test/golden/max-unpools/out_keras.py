# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_unpools(base: int = 4) -> keras.Model:
    """Pools that are undone: by their name, by what they read, in a block, and with
    padding.

    Takes images of 3 channels whose height and width are at least 2; "mask" is as large
    and holds probabilities (sigmoid) in 1 channel. 569 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "a-conv1", base, 3)
    a = relu(x, "a")  # [N, H, W, 4]

    p = max_pool(a, "p", 2)  # [N, floor(H / 2), floor(W / 2), 4]
    x = conv(p, "b-conv1", base, 3)
    b = relu(x, "b")  # [N, floor(H / 2), floor(W / 2), 4]

    # [N, floor((H + 2) / 4), floor((W + 4) / 6), 4]
    q = max_pool(b, "q", (2, 3), padding="same")

    x = conv(q, "c-conv1", base, 3)
    x = relu(x, "c-relu1")
    c = back(x, b, "c", base)  # [N, floor(H / 2), floor(W / 2), 4]

    x = add([b, c], "d-add1")
    d = max_unpool([x, a], "d", 2)  # [N, H, W, 4]
    x = padded_max_pool(d, "e-max_pool1", 2, strides=3, ceil=True)
    x = tanh(x, "e-tanh1")
    e = max_unpool([x, d], "e", 2, strides=3)  # [N, H, W, 4]

    x = concat([a, d, e], "mask-concat1")
    x = conv(x, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="Unpools")


def check_size(height: int, width: int) -> None:
    """Raises unless Unpools can take images of this size."""
    for size in (height, width):
        if size < 2:
            raise ValueError(
                "Unpools takes images whose height and width are at least 2; "
                f"found {height} x {width}."
            )


def back(x, pooled, name: str, c: int):
    x = max_unpool([x, pooled], f"{name}-max_unpool1", (2, 3), edges="same")
    x = conv(x, f"{name}-conv2", c, 3)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def max_pool(x, name: str, size, **options):
    return layers.MaxPooling2D(size, name=name, **options)(x)


def padded_max_pool(x, name: str, size, **options):
    return PaddedPooling("max", size, name=name, **options)(x)


def max_unpool(x, name: str, size, **options):
    return MaxUnpooling(size, name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def tanh(x, name: str):
    return layers.Activation("tanh", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


@keras.saving.register_keras_serializable("unetc")
class MaxUnpooling(layers.Layer):
    """Puts each value where a max pooling of the second input finds the largest of its
    window, the first of equals, and zeros elsewhere. Windows share no pixel; they reach
    beyond the image by edges, ((top, bottom), (left, right)), or are
    ceil(size / stride) for "same".
    """

    def __init__(self, size, strides=None, edges=0, **kwargs):
        super().__init__(**kwargs)
        self.size = pair(size)
        self.strides = pair(strides or size)
        self.edges = edges if edges == "same" else [pair(each) for each in pair(edges)]

    def get_config(self):
        own = ("size", "strides", "edges")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        values, image = input_shape
        return (image[0], *image[1:3], values[3])

    def call(self, inputs):
        x, image = inputs
        (rows, columns), (height, width) = ops.shape(x)[1:3], ops.shape(image)[1:3]
        (tall, wide), (down, across), c = self.size, self.strides, x.shape[-1]
        top, left = self.first(0, rows, height), self.first(1, columns, width)
        below = positive(rows * down - top - height)
        right = positive(columns * across - left - width)
        added = [(0, 0), (top, below), (left, right), (0, 0)]
        whole = ops.pad(image, added, constant_values=float("-inf"))
        whole = whole[:, : rows * down, : columns * across]
        blocks = ops.reshape(whole, (-1, rows, down, columns, across, c))
        seen = ops.transpose(blocks[:, :, :tall, :, :wide], (0, 1, 3, 5, 2, 4))
        seen = ops.reshape(seen, (-1, rows, columns, c, tall * wide))
        is_largest = ops.cast(seen == ops.max(seen, -1, keepdims=True), "int32")
        is_first = ops.cast(is_largest * ops.cumsum(is_largest, -1) == 1, x.dtype)
        put = ops.reshape(is_first * x[..., None], (-1, rows, columns, c, tall, wide))
        put = ops.transpose(put, (0, 1, 4, 2, 5, 3))
        apart = [(0, 0), (0, 0), (0, down - tall), (0, 0), (0, across - wide), (0, 0)]
        put = ops.reshape(ops.pad(put, apart), (-1, rows * down, columns * across, c))
        below = positive(top + height - rows * down)
        right = positive(left + width - columns * across)
        put = ops.pad(put, [(0, 0), (0, below), (0, right), (0, 0)])
        return put[:, top : top + height, left : left + width]

    def first(self, axis, count, have):
        """How many pixels the first window along an axis sees before the image."""
        if self.edges != "same":
            return self.edges[axis][0]
        reach = (count - 1) * self.strides[axis] + self.size[axis]
        return positive(reach - have) // 2


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


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def positive(number):
    """max(number, 0), also of a size that TensorFlow does not know yet."""
    return (number + abs(number)) // 2
