# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_nested() -> keras.Model:
    """Blocks in blocks: arguments, defaults and stages go through.

    Takes images of 3 channels whose height and width are multiples of 4; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 4,677 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: base = 4.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    e1_twice = twice(image, "e1-twice1", 4)

    x = max_pool(e1_twice, "e2-max_pool1", 2)
    e2 = twice(x, "e2", 8)  # [N, H / 2, W / 2, 8]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = around_rate_0_5(x, "e3", 0.5)  # [N, H / 4, W / 4, 8]

    u2 = upsample(e3, "u2", 2)  # [N, H / 2, W / 2, 8]
    d2 = merge(e2, u2, "d2", 8)  # [N, H / 2, W / 2, 8]

    u1 = upsample(d2, "u1", 2)  # [N, H, W, 8]
    d1 = merge(e1_twice, u1, "d1", 4)  # [N, H, W, 4]

    x = around_rate_0_25(d1, "mask-around1", 0.25)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="Nested")


def check_size(height: int, width: int) -> None:
    """Raises unless Nested can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "Nested takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


def twice(x, name: str, w: int):
    """One step after another, half as wide in between."""
    x = step(x, f"{name}-step1", w // 2)
    return step(x, name, w)


def step(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", 2 * c, 1)
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    return relu(x, name)


def merge(input1, input2, name: str, w: int):
    x = concat([input1, input2], f"{name}-concat1")
    return twice(x, name, w)


def around_rate_0_5(x, name: str, rate: float):
    x = dropout(x, f"{name}-inner-dropout1", rate)
    x = conv(x, f"{name}-inner-conv1", 8, 3)
    inner = relu(x, f"{name}-inner")
    return spatial_dropout(inner, name, rate)


def around_rate_0_25(x, name: str, rate: float):
    """Like around_rate_0_5, here rate = 0.25."""
    x = dropout(x, f"{name}-inner-dropout1", rate)
    inner = conv(x, f"{name}-inner", 1, 1)
    return spatial_dropout(inner, name, rate)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def dropout(x, name: str, rate: float):
    return layers.Dropout(rate, name=name)(x)


def spatial_dropout(x, name: str, rate: float):
    return layers.SpatialDropout2D(rate, name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)
