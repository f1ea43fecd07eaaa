# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_trained_slopes(slope: float = 0.1) -> keras.Model:
    """Activations with weights, and those that share a layer.

    Takes images of 3 channels, of any size; "mask" is as large and holds probabilities
    (sigmoid) in 1 channel. 1,737 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "a-conv1", 8, 3)
    x = prelu(x, "a-prelu1", 0.25)
    x = conv(x, "a-conv2", 8, 3)
    a = prelu(x, "a", 0)  # [N, H, W, 8]
    x = bent(a, "b-bent1", 8, slope)
    x = bent(x, "b-bent2", 4, 0.5)
    x = softplus(x, "b-softplus1")
    b = silu(x, "b")  # [N, H, W, 4]
    x = conv(b, "c-conv1", 4, 1)
    c = silu(x, "c")  # [N, H, W, 4]

    x = conv(c, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="TrainedSlopes")


def bent(x, name: str, c: int, slope: float):
    x = conv(x, f"{name}-conv1", c, 3)
    return prelu(x, name, slope)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def prelu(x, name: str, start: float):
    layer = layers.PReLU(
        keras.initializers.Constant(start), shared_axes=(1, 2), name=name
    )
    return layer(x)


def silu(x, name: str):
    return layers.Activation("silu", name=name)(x)


def softplus(x, name: str):
    return layers.Activation("softplus", name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)
