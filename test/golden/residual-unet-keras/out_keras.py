# Made by unetc for Keras from residual-unet-keras.unet; edits are lost.
import keras
from keras import layers


def build_residual_unet_keras(classes: int = 1, channels: int = 3) -> keras.Model:
    """A Deep Residual U-Net (Zhang et al. 2018) as a Keras port has it: five levels,
    two more convolutions at the bottom, a decoder twice as wide as the encoder.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 4,723,057 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: widths = [16, 32, 64, 128, 256], decoder_widths = [32,
    64, 128, 256].
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    e1 = residual_first(image, "e1", 16)  # [N, H, W, 16]
    e2 = residual(e1, "e2", 32, 2)  # [N, H / 2, W / 2, 32]
    e3 = residual(e2, "e3", 64, 2)  # [N, H / 4, W / 4, 64]
    e4 = residual(e3, "e4", 128, 2)  # [N, H / 8, W / 8, 128]

    x = residual(e4, "e5-residual1", 256, 2)
    x = norm(x, "e5-norm1")
    x = relu(x, "e5-relu1")
    x = conv(x, "e5-conv1", 256, 3)
    x = norm(x, "e5-norm2")
    x = relu(x, "e5-relu2")
    e5 = conv(x, "e5", 256, 3)  # [N, H / 16, W / 16, 256]

    u4 = upsample(e5, "u4", 2)  # [N, H / 8, W / 8, 256]
    x = concat([u4, e4], "d4-concat1")
    d4 = residual(x, "d4", 256)  # [N, H / 8, W / 8, 256]

    u3 = upsample(d4, "u3", 2)  # [N, H / 4, W / 4, 256]
    x = concat([u3, e3], "d3-concat1")
    d3 = residual(x, "d3", 128)  # [N, H / 4, W / 4, 128]

    u2 = upsample(d3, "u2", 2)  # [N, H / 2, W / 2, 128]
    x = concat([u2, e2], "d2-concat1")
    d2 = residual(x, "d2", 64)  # [N, H / 2, W / 2, 64]

    u1 = upsample(d2, "u1", 2)  # [N, H, W, 64]
    x = concat([u1, e1], "d1-concat1")
    d1 = residual(x, "d1", 32)  # [N, H, W, 32]

    x = conv(d1, "mask-conv1", classes, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="ResidualUNetKeras")


def check_size(height: int, width: int) -> None:
    """Raises unless ResidualUNetKeras can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "ResidualUNetKeras takes images whose height and width are multiples "
                f"of 16; found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of PyTorch or of Keras.

    Here form = keras.
    """
    return batch_norm(x, name)


def residual_first(x, name: str, c: int):
    """A residual unit with activations before its convolutions (He et al. 2016), as
    Deep Residual U-Nets have it (Zhang et al. 2018). The shortcut is a convolution
    of its own, of size 1 or 3, with or without normalisation. "first" leaves out the
    activation before the first convolution: nothing to activate in an image. "form"
    says whose padding of strided convolutions and whose constants are meant.

    Here norm_shortcut = true, first = true, form = keras, without active.
    """
    y = conv(x, f"{name}-h-conv1", c, 3)
    y = norm(y, f"{name}-h-norm1")
    y = relu(y, f"{name}-h-relu1")
    h = conv(y, f"{name}-h", c, 3)
    side = conv(x, f"{name}-side", c, 1)
    short = norm(side, f"{name}-short")
    return add([h, short], name)


def residual(x, name: str, c: int, stride: int = 1):
    """Like residual_first, here first = false, with active."""
    y = norm(x, f"{name}-active-norm1")
    active = relu(y, f"{name}-active")
    y = conv(active, f"{name}-h-conv1", c, 3, strides=stride)
    y = norm(y, f"{name}-h-norm1")
    y = relu(y, f"{name}-h-relu1")
    h = conv(y, f"{name}-h", c, 3)
    side = conv(x, f"{name}-side", c, 1, strides=stride)
    short = norm(side, f"{name}-short")
    return add([h, short], name)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters,
        kernel,
        padding="same",
        kernel_initializer="he_normal",
        name=name,
        **options,
    )
    return layer(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)
