# Made by unetc for Keras from blood-cells.unet; edits are lost.
import keras
from keras import layers


def build_blood_cells(
    classes: int = 3, base: int = 8, channels: int = 3
) -> keras.Model:
    """A small U-Net for single blood cells: background, cytoplasm and nucleus, in
    images of 88 to 120 pixels a side.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 3 channels. 488,043 parameters. Losses take logits with
    from_logits=True; softmax makes probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    e1 = double_conv(image, "e1", base)  # [N, H, W, 8]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, H / 2, W / 2, 16]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, H / 4, W / 4, 32]

    x = max_pool(e3, "e4-max_pool1", 2)
    e4 = double_conv(x, "e4", base * 8)  # [N, H / 8, W / 8, 64]

    x = max_pool(e4, "e5-max_pool1", 2)
    e5 = double_conv(x, "e5", base * 16)  # [N, H / 16, W / 16, 128]

    u4 = conv_transpose(e5, "u4", base * 8, 2, 2)  # [N, H / 8, W / 8, 64]
    x = concat([e4, u4], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, H / 8, W / 8, 64]

    u3 = conv_transpose(d4, "u3", base * 4, 2, 2)  # [N, H / 4, W / 4, 32]
    x = concat([e3, u3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, H / 4, W / 4, 32]

    u2 = conv_transpose(d3, "u2", base * 2, 2, 2)  # [N, H / 2, W / 2, 16]
    x = concat([e2, u2], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, H / 2, W / 2, 16]

    u1 = conv_transpose(d2, "u1", base, 2, 2)  # [N, H, W, 8]
    x = concat([e1, u1], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H, W, 8]

    mask = conv(d1, "mask", classes, 1)  # [N, H, W, 3]
    return keras.Model(image, mask, name="BloodCells")


def check_size(height: int, width: int) -> None:
    """Raises unless BloodCells can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "BloodCells takes images whose height and width are multiples of 16; "
                f"found {height} x {width}."
            )


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3, use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3, use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters,
        kernel,
        kernel_initializer="he_normal",
        padding="same",
        name=name,
        **options,
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
