# Made by unetc for Keras from unet-keras.unet; edits are lost.
import keras
from keras import layers


def build_unet_keras(
    classes: int = 23, base: int = 32, channels: int = 3
) -> keras.Model:
    """A Keras-style U-Net without normalisation: 3 x 3 transposed convolutions,
    dropout before the two deepest skips, one more convolution before the head.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 23 channels. 8,640,471 parameters. Losses take logits with
    from_logits=True; softmax makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    e1 = double_conv(image, "e1", base)  # [N, H, W, 32]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, H / 2, W / 2, 64]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, H / 4, W / 4, 128]

    x = max_pool(e3, "e4-max_pool1", 2)
    x = double_conv(x, "e4-double_conv1", base * 8)
    e4 = dropout(x, "e4", 0.3)  # [N, H / 8, W / 8, 256]

    x = max_pool(e4, "e5-max_pool1", 2)
    x = double_conv(x, "e5-double_conv1", base * 16)
    e5 = dropout(x, "e5", 0.3)  # [N, H / 16, W / 16, 512]

    u4 = conv_transpose(e5, "u4", base * 8, 3, 2)  # [N, H / 8, W / 8, 256]
    x = concat([u4, e4], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, H / 8, W / 8, 256]

    u3 = conv_transpose(d4, "u3", base * 4, 3, 2)  # [N, H / 4, W / 4, 128]
    x = concat([u3, e3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, H / 4, W / 4, 128]

    u2 = conv_transpose(d3, "u2", base * 2, 3, 2)  # [N, H / 2, W / 2, 64]
    x = concat([u2, e2], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, H / 2, W / 2, 64]

    u1 = conv_transpose(d2, "u1", base, 3, 2)  # [N, H, W, 32]
    x = concat([u1, e1], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H, W, 32]

    x = conv(d1, "mask-conv1", base, 3)
    x = relu(x, "mask-relu1")
    mask = conv(x, "mask", classes, 1)  # [N, H, W, 23]
    return keras.Model(image, mask, name="UNetKeras")


def check_size(height: int, width: int) -> None:
    """Raises unless UNetKeras can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "UNetKeras takes images whose height and width are multiples of 16; "
                f"found {height} x {width}."
            )


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def conv_transpose(x, name: str, filters: int, kernel, strides):
    taps = area(kernel)
    seen = max(1, taps / area(strides)) * x.shape[-1]
    start = spread("he_normal", seen, taps * filters)
    layer = layers.Conv2DTranspose(
        filters, kernel, strides, padding="same", kernel_initializer=start, name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def dropout(x, name: str, rate: float):
    return layers.Dropout(rate, name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def spread(initializer: str, seen: float, reached: float):
    """The initializer of that name for an output that sees, and an input that reaches,
    so many values: He et al. 2015, Glorot and Bengio 2010.
    """
    rule, shape = initializer.split("_")
    variance = 2 / seen if rule == "he" else 2 / (seen + reached)
    if shape == "uniform":
        limit = (3 * variance) ** 0.5
        return keras.initializers.RandomUniform(-limit, limit)
    # What is cut at two deviations has 0.88 of the deviation.
    deviation = variance**0.5 / 0.87962566103423978
    return keras.initializers.TruncatedNormal(stddev=deviation)


def area(size):
    return size * size if isinstance(size, int) else size[0] * size[1]
