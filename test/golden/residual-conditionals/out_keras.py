# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_residual_unet(classes: int = 3) -> keras.Model:
    """Residual stages whose first step strides and projects its shortcut.

    Takes images of 3 channels whose height and width are multiples of 4; "mask" is as
    large and holds logits in 3 channels. 74,747 parameters. Losses take logits with
    from_logits=True; softmax makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: base = 8.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "stem-conv1", 8, 3)
    x = batch_norm(x, "stem-batch_norm1")
    stem = relu(x, "stem")  # [N, H, W, 8]
    s1 = residual(stem, "s1", 8)  # [N, H, W, 8]

    x = residual_with_shortcut(s1, "s2-residual1", 16, 2)
    s2 = residual(x, "s2", 16)  # [N, H / 2, W / 2, 16]

    x = residual_with_shortcut(s2, "s3-residual1", 32, 2)
    s3 = residual(x, "s3", 32, 2)  # [N, H / 4, W / 4, 32]

    u2 = upsample(s3, "u2", 2)  # [N, H / 2, W / 2, 32]
    x = concat([s2, u2], "d2-concat1")
    d2 = residual_with_shortcut(x, "d2", 16)  # [N, H / 2, W / 2, 16]

    u1 = upsample(d2, "u1", 2)  # [N, H, W, 16]
    x = concat([s1, u1], "d1-concat1")
    d1 = residual_with_shortcut(x, "d1", 8)  # [N, H, W, 8]

    mask = conv(d1, "mask", classes, 1)  # [N, H, W, 3]
    return keras.Model(image, mask, name="ResidualUNet")


def check_size(height: int, width: int) -> None:
    """Raises unless ResidualUNet can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "ResidualUNet takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


def residual(x, name: str, c: int, expand: int = 1):
    """Two convolutions and a shortcut, which is projected where shapes differ.

    Here without shortcut.
    """
    y = conv(x, f"{name}-h-conv1", c * expand, 3, use_bias=False)
    y = batch_norm(y, f"{name}-h-batch_norm1")
    h = relu(y, f"{name}-h")
    y = conv(h, f"{name}-h_2-conv1", c, 3, use_bias=False)
    h_2 = batch_norm(y, f"{name}-h_2")
    y = add([x, h_2], f"{name}-add1")
    return relu(y, name)


def residual_with_shortcut(x, name: str, c: int, stride: int = 1):
    """Like residual, here expand = 1, with shortcut."""
    y = conv(x, f"{name}-h-conv1", c, 3, strides=stride, use_bias=False)
    y = batch_norm(y, f"{name}-h-batch_norm1")
    h = relu(y, f"{name}-h")
    y = conv(h, f"{name}-h_2-conv1", c, 3, use_bias=False)
    h_2 = batch_norm(y, f"{name}-h_2")
    y = conv(x, f"{name}-shortcut-conv1", c, 1, strides=stride, use_bias=False)
    shortcut = batch_norm(y, f"{name}-shortcut")
    y = add([shortcut, h_2], f"{name}-add1")
    return relu(y, name)


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
    return layers.UpSampling2D(size, interpolation="bilinear", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)
