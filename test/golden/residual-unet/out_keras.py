# Made by unetc for Keras from residual-unet.unet; edits are lost.
import keras
from keras import layers


def build_residual_unet(
    classes: int = 1, base: int = 64, channels: int = 3
) -> keras.Model:
    """A Deep Residual U-Net (Zhang et al. 2018) as the paper's table has it: nothing is
    learned on the way up, shortcuts are convolutions of size 1.

    Takes images of 3 channels whose height and width are multiples of 8; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 8,227,393 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    e1 = residual_first(image, "e1", base)  # [N, H, W, 64]
    e2 = residual_stride_2(e1, "e2", base * 2)  # [N, H / 2, W / 2, 128]
    e3 = residual_stride_2(e2, "e3", base * 4)  # [N, H / 4, W / 4, 256]
    e4 = residual_stride_2(e3, "e4", base * 8)  # [N, H / 8, W / 8, 512]

    u3 = upsample(e4, "u3", 2)  # [N, H / 4, W / 4, 512]
    x = concat([u3, e3], "d3-concat1")
    d3 = residual(x, "d3", base * 4)  # [N, H / 4, W / 4, 256]

    u2 = upsample(d3, "u2", 2)  # [N, H / 2, W / 2, 256]
    x = concat([u2, e2], "d2-concat1")
    d2 = residual(x, "d2", base * 2)  # [N, H / 2, W / 2, 128]

    u1 = upsample(d2, "u1", 2)  # [N, H, W, 128]
    x = concat([u1, e1], "d1-concat1")
    d1 = residual(x, "d1", base)  # [N, H, W, 64]

    x = conv(d1, "mask-conv1", classes, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="ResidualUNet")


def check_size(height: int, width: int) -> None:
    """Raises unless ResidualUNet can take images of this size."""
    for size in (height, width):
        if size < 8 or size % 8 != 0:
            raise ValueError(
                "ResidualUNet takes images whose height and width are multiples of 8; "
                f"found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of PyTorch or of Keras."""
    return batch_norm(x, name, momentum=0.9, epsilon=1e-5)


def residual_first(x, name: str, c: int):
    """A residual unit with activations before its convolutions (He et al. 2016), as
    Deep Residual U-Nets have it (Zhang et al. 2018). The shortcut is a convolution
    of its own, of size 1 or 3, with or without normalisation. "first" leaves out the
    activation before the first convolution: nothing to activate in an image. "form"
    says whose padding of strided convolutions and whose constants are meant.

    Here first = true, without active.
    """
    y = conv(x, f"{name}-h-conv1", c, 3, padding="same")
    y = norm(y, f"{name}-h-norm1")
    y = relu(y, f"{name}-h-relu1")
    h = conv(y, f"{name}-h", c, 3, padding="same")
    side = conv(x, f"{name}-side", c, 1)
    return add([h, side], name)


def residual_stride_2(x, name: str, c: int):
    """Like residual_first, here stride = 2, first = false, with active."""
    y = norm(x, f"{name}-active-norm1")
    active = relu(y, f"{name}-active")
    y = conv(pad(active, f"{name}-h-conv1--pad", 1), f"{name}-h-conv1", c, 3, strides=2)
    y = norm(y, f"{name}-h-norm1")
    y = relu(y, f"{name}-h-relu1")
    h = conv(y, f"{name}-h", c, 3, padding="same")
    side = conv(x, f"{name}-side", c, 1, strides=2)
    return add([h, side], name)


def residual(x, name: str, c: int):
    """Like residual_first, here first = false, with active."""
    y = norm(x, f"{name}-active-norm1")
    active = relu(y, f"{name}-active")
    y = conv(active, f"{name}-h-conv1", c, 3, padding="same")
    y = norm(y, f"{name}-h-norm1")
    y = relu(y, f"{name}-h-relu1")
    h = conv(y, f"{name}-h", c, 3, padding="same")
    side = conv(x, f"{name}-side", c, 1)
    return add([h, side], name)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str, **options):
    return layers.BatchNormalization(name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)
