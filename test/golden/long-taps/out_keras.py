# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_long_taps() -> keras.Model:
    """An encoder whose taps are made by more than one operation.

    Takes images of 3 channels whose height and width are 0 or 3 mod 4, from 3 on;
    "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds probabilities (sigmoid) in 1
    channel. 3,889 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    # s2: [N, ceil(H / 2), ceil(W / 2), 8]
    # s4: [N, ceil(H / 4), ceil(W / 4), 16]
    s2, s4 = steps(image, "steps")

    u1 = upsample(s4, "u1", 2)  # [N, ceil(H / 2), ceil(W / 2), 16]
    x = concat([u1, s2], "d1-concat1")
    x = conv(x, "d1-conv1", 8, 3, padding="same")
    d1 = relu(x, "d1")  # [N, ceil(H / 2), ceil(W / 2), 8]

    x = conv(d1, "mask-conv1", 1, 1)
    x = upsample(x, "mask-nearest1", 2)
    mask = sigmoid(x, "mask")  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 1]
    return keras.Model(image, mask, name="LongTaps")


def check_size(height: int, width: int) -> None:
    """Raises unless LongTaps can take images of this size."""
    for size in (height, width):
        if size < 3 or size % 4 not in (0, 3):
            raise ValueError(
                "LongTaps takes images whose height and width are 0 or 3 mod 4, from 3 "
                f"on; found {height} x {width}."
            )


def steps(x, name: str):
    x = conv(pad(x, f"{name}-s2-conv1--pad", 3), f"{name}-s2-conv1", 8, 7, strides=2)
    x = batch_norm(x, f"{name}-s2-batch_norm1", momentum=0.9, epsilon=1e-5)
    s2 = relu(x, "s2")
    x_tensor = max_pool(s2, f"{name}-x", 2)
    x_1 = separable(x_tensor, f"{name}-x_1", 16)
    x_2 = separable(x_1, f"{name}-x_2", 16)
    x = conv(x_2, f"{name}-s4-conv1", 16, 1)
    s4 = relu(x, "s4")
    return s2, s4


def separable(x, name: str, c: int):
    x = depthwise_conv(
        x, f"{name}-depthwise_conv1", 3, padding="same", kernel_initializer="he_normal"
    )
    x = conv(x, f"{name}-conv1", c, 1)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def depthwise_conv(x, name: str, kernel, *, kernel_initializer: str, **options):
    taps = area(kernel)
    start = spread(kernel_initializer, taps, taps)
    layer = layers.DepthwiseConv2D(
        kernel, depthwise_initializer=start, name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


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
