# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_flowing_channels() -> keras.Model:
    """Blocks that read the channels of what flows in after another tensor, or nothing
    else of it.

    Takes images of 3 channels, of any size; "mask" is as large and holds logits in 1
    channel. 1,579 parameters. Losses take logits with from_logits=True; sigmoid makes
    probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    a = conv(image, "a", 4, 3)  # [N, H, W, 4]
    b = conv(image, "b", 6, 3)  # [N, H, W, 6]
    c = gated(b, a, "c")  # [N, H, W, 6]
    d = as_wide(a, b, "d")  # [N, H, W, 4]
    x = concat([c, d], "e-concat1")
    e = twice(x, "e", 2)  # [N, H, W, 2]

    mask = conv(e, "mask", 1, 1)  # [N, H, W, 1]
    return keras.Model(image, mask, name="FlowingChannels")


def gated(x, g, name: str):
    """Here inner = 12."""
    channels = x.shape[-1]
    y = conv(g, f"{name}-s-conv1", 2 * channels, 1)
    y = relu(y, f"{name}-s-relu1")
    y = conv(y, f"{name}-s-conv2", channels, 3)
    s = sigmoid(y, f"{name}-s")
    return multiply([s, x], name)


def as_wide(x, g, name: str):
    channels = x.shape[-1]
    return conv(g, name, channels, 3)


def both(x, name: str, c: int):
    x = concat([x, x], f"{name}-concat2")
    return conv(x, name, c, 3)


def twice(x, name: str, c: int):
    return both(x, name, c)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def multiply(x, name: str):
    return layers.Multiply(name=name)(x)
