# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_normalisations() -> keras.Model:
    """Every normalisation, alone and in blocks that differ in their options.

    Takes images of 3 channels whose height and width are multiples of 2; "mask" is as
    large and holds probabilities (sigmoid) in 1 channel. 4,593 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: parts = 4.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    x = conv(image, "a-conv1", 8, 3)
    x = instance_norm(x, "a-instance_norm1")
    a = relu(x, "a")  # [N, H, W, 8]
    x = grouped(a, "b-grouped1", 8, 4)
    x = grouped(x, "b-grouped2", 16, 2)
    x = grouped(x, "b-grouped3", 16, 8)
    b = instance_norm(x, "b", center=False, scale=False)  # [N, H, W, 16]

    x = max_pool(b, "c-max_pool1", 2)
    x = conv(x, "c-conv1", 8, 1)
    x = layer_norm(x, "c-layer_norm1", epsilon=1e-6)
    c = gelu(x, "c")  # [N, H / 2, W / 2, 8]

    x = group_norm(c, "d-group_norm1", 1, center=False, scale=False)
    x = batch_norm(x, "d-batch_norm1", momentum=0.9, epsilon=1e-5)
    d = upsample(x, "d", 2)  # [N, H, W, 8]

    x = concat([a, d], "mask-concat1")
    x = layer_norm(x, "mask-layer_norm1", epsilon=1e-5, center=False, scale=False)
    x = conv(x, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, H, W, 1]
    return keras.Model(image, mask, name="Normalisations")


def check_size(height: int, width: int) -> None:
    """Raises unless Normalisations can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "Normalisations takes images whose height and width are multiples of "
                f"2; found {height} x {width}."
            )


def grouped(x, name: str, c: int, parts: int):
    x = conv(x, f"{name}-conv1", c, 3)
    x = group_norm(x, f"{name}-group_norm1", parts)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str, **options):
    return layers.BatchNormalization(name=name, **options)(x)


def instance_norm(x, name: str, **options):
    return layers.GroupNormalization(groups=-1, epsilon=1e-5, name=name, **options)(x)


def group_norm(x, name: str, groups: int, **options):
    return layers.GroupNormalization(groups, epsilon=1e-5, name=name, **options)(x)


def layer_norm(x, name: str, **options):
    return layers.LayerNormalization(name=name, **options)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def gelu(x, name: str):
    return layers.Activation("gelu", name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)
