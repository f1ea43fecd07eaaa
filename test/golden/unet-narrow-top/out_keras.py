# Made by unetc for Keras from unet-narrow-top.unet; edits are lost.
import keras
from keras import layers


def build_unet_narrow_top(
    classes: int = 11, base: int = 64, channels: int = 3
) -> keras.Model:
    """A U-Net whose decoder narrows early: level 2 ends at the first width, so the
    last step up keeps its channels.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 11 channels. 30,965,515 parameters. Losses take logits
    with from_logits=True; softmax makes probabilities of "mask".

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

    u4 = conv_transpose(e5, "u4", base * 8, 2, 2)  # [N, H / 8, W / 8, 512]
    x = concat([u4, e4], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, H / 8, W / 8, 512]

    u3 = conv_transpose(d4, "u3", base * 4, 2, 2)  # [N, H / 4, W / 4, 256]
    x = concat([u3, e3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, H / 4, W / 4, 256]

    u2 = conv_transpose(d3, "u2", base * 2, 2, 2)  # [N, H / 2, W / 2, 128]
    x = concat([u2, e2], "d2-concat1")
    d2 = double_conv(x, "d2", base, base * 2)  # [N, H / 2, W / 2, 64]

    u1 = conv_transpose(d2, "u1", base, 2, 2)  # [N, H, W, 64]
    x = concat([u1, e1], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H, W, 64]

    mask = conv(d1, "mask", classes, 1)  # [N, H, W, 11]
    return keras.Model(image, mask, name="UNetNarrowTop")


def check_size(height: int, width: int) -> None:
    """Raises unless UNetNarrowTop can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "UNetNarrowTop takes images whose height and width are multiples of "
                f"16; found {height} x {width}."
            )


def double_conv(x, name: str, c: int, mid: int | None = None):
    if mid is None:
        mid = c
    x = conv(x, f"{name}-conv1", mid, 3)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def conv_transpose(x, name: str, filters: int, kernel, strides):
    taps = area(kernel)
    seen = max(1, taps / area(strides)) * x.shape[-1]
    start = spread("he_normal", seen, taps * filters)
    layer = layers.Conv2DTranspose(
        filters, kernel, strides, kernel_initializer=start, name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


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
