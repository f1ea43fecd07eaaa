# Made by unetc for Keras from attention-unet.unet; edits are lost.
import keras
from keras import layers


def build_attention_unet(
    classes: int = 1, base: int = 64, channels: int = 3
) -> keras.Model:
    """Attention U-Net (Oktay et al. 2018): what comes up decides how much of every
    pixel of the skip is let through.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 1 channel. 34,894,197 parameters. Losses take logits with
    from_logits=True; sigmoid makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    e1 = double_conv(image, "e1", base)  # [N, H, W, 64]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, H / 2, W / 2, 128]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, H / 4, W / 4, 256]

    x = max_pool(e3, "e4-max_pool1", 2)
    e4 = double_conv(x, "e4", base * 8)  # [N, H / 8, W / 8, 512]

    x = max_pool(e4, "e5-max_pool1", 2)
    e5 = double_conv(x, "e5", base * 16)  # [N, H / 16, W / 16, 1024]

    u4 = nearest_conv_batch_norm_relu(e5, "u4", base * 8)  # [N, H / 8, W / 8, 512]
    x = attention_gate(e4, u4, "d4-attention_gate1", base * 4)
    x = concat([x, u4], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, H / 8, W / 8, 512]

    u3 = nearest_conv_batch_norm_relu(d4, "u3", base * 4)  # [N, H / 4, W / 4, 256]
    x = attention_gate(e3, u3, "d3-attention_gate1", base * 2)
    x = concat([x, u3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, H / 4, W / 4, 256]

    u2 = nearest_conv_batch_norm_relu(d3, "u2", base * 2)  # [N, H / 2, W / 2, 128]
    x = attention_gate(e2, u2, "d2-attention_gate1", base)
    x = concat([x, u2], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, H / 2, W / 2, 128]

    u1 = nearest_conv_batch_norm_relu(d2, "u1", base)  # [N, H, W, 64]
    x = attention_gate(e1, u1, "d1-attention_gate1", base // 2)
    x = concat([x, u1], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H, W, 64]

    mask = conv(d1, "mask", classes, 1)  # [N, H, W, 1]
    return keras.Model(image, mask, name="AttentionUNet")


def check_size(height: int, width: int) -> None:
    """Raises unless AttentionUNet can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "AttentionUNet takes images whose height and width are multiples of "
                f"16; found {height} x {width}."
            )


def nearest_conv_batch_norm_relu(x, name: str, channels: int):
    x = upsample(x, f"{name}-nearest1", 2)
    x = conv(x, f"{name}-conv1", channels, 3)
    x = batch_norm(x, f"{name}-batch_norm1")
    return relu(x, name)


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def attention_gate(x, signal, name: str, inner: int):
    """Weighs every pixel of the skip by what it and the signal from below agree on."""
    y = conv(x, f"{name}-theta-conv1", inner, 1)
    theta = batch_norm(y, f"{name}-theta")
    y = conv(signal, f"{name}-phi-conv1", inner, 1)
    phi = batch_norm(y, f"{name}-phi")
    y = add([phi, theta], f"{name}-weight-add1")
    y = relu(y, f"{name}-weight-relu1")
    y = conv(y, f"{name}-weight-conv1", 1, 1)
    y = batch_norm(y, f"{name}-weight-batch_norm1")
    weight = sigmoid(y, f"{name}-weight")
    return multiply([x, weight], name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


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
