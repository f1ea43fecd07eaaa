# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_pixel_shuffle() -> keras.Model:
    """Channels moved into space in both orders.

    Takes images of 1 channel whose height and width are 0 or 3 mod 4, from 3 on; "mask"
    is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds probabilities (sigmoid) in 1 channel.
    3,181 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """
    image = keras.Input((None, None, 1), name="image")  # [N, H, W, 1]
    x = conv(pad(image, "a-conv1--pad", 1), "a-conv1", 8, 3, strides=2)
    a = relu(x, "a")  # [N, ceil(H / 2), ceil(W / 2), 8]

    x = shuffled(a, "b-shuffled1", 2)
    b = conv(x, "b", 4, 1)  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 4]
    x = conv(a, "c-conv1", 16, 1)
    # [N, 2 ceil(H / 2), 2 ceil(W / 2), 4]
    c = pixel_shuffle(x, "c", 2, order="channels_last")
    x = max_pool(a, "d-max_pool1", 2)
    x = shuffled(x, "d-shuffled1", 4)
    d = conv(x, "d", 4, 1)  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 4]

    x = concat([b, c, d], "mask-concat1")
    x = conv(x, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 1]
    return keras.Model(image, mask, name="PixelShuffle")


def check_size(height: int, width: int) -> None:
    """Raises unless PixelShuffle can take images of this size."""
    for size in (height, width):
        if size < 3 or size % 4 not in (0, 3):
            raise ValueError(
                "PixelShuffle takes images whose height and width are 0 or 3 mod 4, "
                f"from 3 on; found {height} x {width}."
            )


def shuffled(x, name: str, factor: int):
    x = conv(x, f"{name}-conv1", factor * factor * 2, 3, padding="same")
    return pixel_shuffle(x, name, factor, order="channels_first")


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def pixel_shuffle(x, name: str, factor, **options):
    return PixelShuffle(factor, name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


@keras.saving.register_keras_serializable("unetc")
class PixelShuffle(layers.Layer):
    """Makes c channels of f * f * c, f times as tall and wide. Place (i, j) of channel
    k is number k * f * f + i * f + j for "channels_first", PyTorch's order, and
    (i * f + j) * c + k for "channels_last", TensorFlow's.
    """

    def __init__(self, factor, order, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.order = order

    def get_config(self):
        return {**super().get_config(), "factor": self.factor, "order": self.order}

    def compute_output_shape(self, input_shape):
        n, h, w, c = input_shape
        sizes = [None if size is None else size * self.factor for size in (h, w)]
        return (n, *sizes, c // self.factor**2)

    def call(self, x):
        f = self.factor
        _, h, w, _ = ops.shape(x)
        c = x.shape[-1] // f**2
        if self.order == "channels_first":
            parts = ops.reshape(x, (-1, h, w, c, f, f))
            x = ops.transpose(parts, (0, 1, 4, 2, 5, 3))
        else:
            parts = ops.reshape(x, (-1, h, w, f, f, c))
            x = ops.transpose(parts, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, h * f, w * f, c))
