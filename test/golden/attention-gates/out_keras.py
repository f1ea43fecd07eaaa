# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_attention_unet(base: int = 8) -> keras.Model:
    """Skips weighed by what comes up (Oktay et al. 2018), and squeezed channels.

    Takes images of 1 channel whose height and width are multiples of 4; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 31,067 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, 1), name="image")  # [N, H, W, 1]
    e1 = double_conv(image, "e1", base)  # [N, H, W, 8]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, H / 2, W / 2, 16]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, H / 4, W / 4, 32]

    u2 = upsample(e3, "u2", 2)  # [N, H / 2, W / 2, 32]
    x = gate(e2, u2, "d2-gate1")
    x = concat([x, u2], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, H / 2, W / 2, 16]

    u1 = upsample(d2, "u1", 2)  # [N, H, W, 16]
    x = gate(e1, u1, "d1-gate1")
    x = concat([x, u1], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H, W, 8]

    x = conv(d1, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="AttentionUNet")


def check_size(height: int, width: int) -> None:
    """Raises unless AttentionUNet can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "AttentionUNet takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    x = relu(x, f"{name}-relu2")
    return squeeze(x, name)


def gate(x, signal, name: str):
    """Weighs every pixel of what flows in by what `signal` makes of it."""
    channels = x.shape[-1]
    theta = conv(x, f"{name}-theta", channels // 2, 1)
    phi = conv(signal, f"{name}-phi", channels // 2, 1)
    y = add([theta, phi], f"{name}-weight-add1")
    y = relu(y, f"{name}-weight-relu1")
    y = conv(y, f"{name}-weight-conv1", 1, 1)
    weight = sigmoid(y, f"{name}-weight")
    return multiply([x, weight], name)


def squeeze(x, name: str):
    """Weighs every channel by the mean of all (Hu et al. 2018)."""
    channels = x.shape[-1]
    y = global_avg_pool(x, f"{name}-weight-global_avg_pool1")
    y = conv(y, f"{name}-weight-conv1", channels // 4, 1)
    y = relu(y, f"{name}-weight-relu1")
    y = conv(y, f"{name}-weight-conv2", channels, 1)
    weight = sigmoid(y, f"{name}-weight")
    return multiply([x, weight], name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def global_avg_pool(x, name: str):
    return layers.GlobalAveragePooling2D(keepdims=True, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


def multiply(x, name: str):
    return layers.Multiply(name=name)(x)
