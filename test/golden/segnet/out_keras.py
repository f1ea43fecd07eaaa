# Made by unetc for Keras from segnet.unet; edits are lost.
import keras
from keras import layers, ops


def build_seg_net(classes: int = 12, base: int = 64, channels: int = 3) -> keras.Model:
    """SegNet (Badrinarayanan et al. 2017): the thirteen convolutions of VGG-16 down, as
    many up. No map is carried across: the decoder puts values where the pools found
    their maxima.

    Takes images of 3 channels whose height and width are at least 32; "mask" is as
    large and holds logits in 12 channels. 29,465,804 parameters. Losses take logits
    with from_logits=True; softmax makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    x = unit(image, "e1-unit1", base)
    e1 = unit(x, "e1", base)  # [N, H, W, 64]

    x = max_pool(e1, "e2-max_pool1", 2)
    x = unit(x, "e2-unit1", base * 2)
    e2 = unit(x, "e2", base * 2)  # [N, floor(H / 2), floor(W / 2), 128]

    x = max_pool(e2, "e3-max_pool1", 2)
    x = unit(x, "e3-unit1", base * 4)
    x = unit(x, "e3-unit2", base * 4)
    e3 = unit(x, "e3", base * 4)  # [N, floor(H / 4), floor(W / 4), 256]

    x = max_pool(e3, "e4-max_pool1", 2)
    x = unit(x, "e4-unit1", base * 8)
    x = unit(x, "e4-unit2", base * 8)
    e4 = unit(x, "e4", base * 8)  # [N, floor(H / 8), floor(W / 8), 512]

    x = max_pool(e4, "e5-max_pool1", 2)
    x = unit(x, "e5-unit1", base * 8)
    x = unit(x, "e5-unit2", base * 8)
    e5 = unit(x, "e5", base * 8)  # [N, floor(H / 16), floor(W / 16), 512]

    x = max_pool(e5, "e6-max_pool1", 2)

    u5 = max_unpool([x, e5], "u5", 2)  # [N, floor(H / 16), floor(W / 16), 512]
    x = unit(u5, "d5-unit1", base * 8)
    x = unit(x, "d5-unit2", base * 8)
    d5 = unit(x, "d5", base * 8)  # [N, floor(H / 16), floor(W / 16), 512]

    u4 = max_unpool([d5, e4], "u4", 2)  # [N, floor(H / 8), floor(W / 8), 512]
    x = unit(u4, "d4-unit1", base * 8)
    x = unit(x, "d4-unit2", base * 8)
    d4 = unit(x, "d4", base * 4)  # [N, floor(H / 8), floor(W / 8), 256]

    u3 = max_unpool([d4, e3], "u3", 2)  # [N, floor(H / 4), floor(W / 4), 256]
    x = unit(u3, "d3-unit1", base * 4)
    x = unit(x, "d3-unit2", base * 4)
    d3 = unit(x, "d3", base * 2)  # [N, floor(H / 4), floor(W / 4), 128]

    u2 = max_unpool([d3, e2], "u2", 2)  # [N, floor(H / 2), floor(W / 2), 128]
    x = unit(u2, "d2-unit1", base * 2)
    d2 = unit(x, "d2", base)  # [N, floor(H / 2), floor(W / 2), 64]

    u1 = max_unpool([d2, e1], "u1", 2)  # [N, H, W, 64]
    d1 = unit(u1, "d1", base)  # [N, H, W, 64]

    mask = conv(d1, "mask", classes, 3)  # [N, H, W, 12]
    return keras.Model(image, mask, name="SegNet")


def check_size(height: int, width: int) -> None:
    """Raises unless SegNet can take images of this size."""
    for size in (height, width):
        if size < 32:
            raise ValueError(
                "SegNet takes images whose height and width are at least 32; "
                f"found {height} x {width}."
            )


def unit(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = batch_norm(x, f"{name}-batch_norm1", momentum=0.9, epsilon=1e-5)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def max_unpool(x, name: str, size):
    return MaxUnpooling(size, name=name)(x)


def batch_norm(x, name: str, **options):
    return layers.BatchNormalization(name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


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


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def positive(number):
    """max(number, 0), also of a size that TensorFlow does not know yet."""
    return (number + abs(number)) // 2
