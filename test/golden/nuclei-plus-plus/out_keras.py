# Made by unetc for Keras from nuclei-plus-plus.unet; edits are lost.
import keras
from keras import layers


def build_nuclei_plus_plus(
    classes: int = 1, base: int = 8, channels: int = 1
) -> keras.Model:
    """A small U-Net++ for nuclei in fluorescence images of 256 x 256 pixels: a head on
    the full-size node of every column, whose probabilities are averaged.

    Takes images of 1 channel whose height and width are multiples of 16; "mask_x1_1",
    "mask_x1_2", "mask_x1_3" and "mask" are as large and hold logits in 1 channel.
    575,724 parameters. Losses take logits with from_logits=True; sigmoid makes
    probabilities of "mask_x1_1", "mask_x1_2", "mask_x1_3" and "mask".

    Values are divided by the largest of their type (255 for 8 bits); then the mean of
    the whole image, over all its pixels and channels together, is taken off, and the
    rest divided by its deviation.

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: predict = average.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 1]
    e1 = double_conv(image, "e1", base)  # [N, H, W, 8]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, H / 2, W / 2, 16]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, H / 4, W / 4, 32]

    x = max_pool(e3, "e4-max_pool1", 2)
    e4 = double_conv(x, "e4", base * 8)  # [N, H / 8, W / 8, 64]

    x = max_pool(e4, "e5-max_pool1", 2)
    e5 = double_conv(x, "e5", base * 16)  # [N, H / 16, W / 16, 128]

    u1_1 = upsample(e2, "u1_1", 2)  # [N, H, W, 16]
    x = concat([e1, u1_1], "x1_1-concat1")
    x1_1 = double_conv(x, "x1_1", base)  # [N, H, W, 8]

    u2_1 = upsample(e3, "u2_1", 2)  # [N, H / 2, W / 2, 32]
    x = concat([e2, u2_1], "x2_1-concat1")
    x2_1 = double_conv(x, "x2_1", base * 2)  # [N, H / 2, W / 2, 16]

    u3_1 = upsample(e4, "u3_1", 2)  # [N, H / 4, W / 4, 64]
    x = concat([e3, u3_1], "x3_1-concat1")
    x3_1 = double_conv(x, "x3_1", base * 4)  # [N, H / 4, W / 4, 32]

    u4_1 = upsample(e5, "u4_1", 2)  # [N, H / 8, W / 8, 128]
    x = concat([e4, u4_1], "x4_1-concat1")
    x4_1 = double_conv(x, "x4_1", base * 8)  # [N, H / 8, W / 8, 64]

    u1_2 = upsample(x2_1, "u1_2", 2)  # [N, H, W, 16]
    x = concat([e1, x1_1, u1_2], "x1_2-concat1")
    x1_2 = double_conv(x, "x1_2", base)  # [N, H, W, 8]

    u2_2 = upsample(x3_1, "u2_2", 2)  # [N, H / 2, W / 2, 32]
    x = concat([e2, x2_1, u2_2], "x2_2-concat1")
    x2_2 = double_conv(x, "x2_2", base * 2)  # [N, H / 2, W / 2, 16]

    u3_2 = upsample(x4_1, "u3_2", 2)  # [N, H / 4, W / 4, 64]
    x = concat([e3, x3_1, u3_2], "x3_2-concat1")
    x3_2 = double_conv(x, "x3_2", base * 4)  # [N, H / 4, W / 4, 32]

    u1_3 = upsample(x2_2, "u1_3", 2)  # [N, H, W, 16]
    x = concat([e1, x1_1, x1_2, u1_3], "x1_3-concat1")
    x1_3 = double_conv(x, "x1_3", base)  # [N, H, W, 8]

    u2_3 = upsample(x3_2, "u2_3", 2)  # [N, H / 2, W / 2, 32]
    x = concat([e2, x2_1, x2_2, u2_3], "x2_3-concat1")
    x2_3 = double_conv(x, "x2_3", base * 2)  # [N, H / 2, W / 2, 16]

    u1_4 = upsample(x2_3, "u1_4", 2)  # [N, H, W, 16]
    x = concat([e1, x1_1, x1_2, x1_3, u1_4], "x1_4-concat1")
    x1_4 = double_conv(x, "x1_4", base)  # [N, H, W, 8]

    mask_x1_1 = conv(x1_1, "mask_x1_1", classes, 1)  # [N, H, W, 1]
    mask_x1_2 = conv(x1_2, "mask_x1_2", classes, 1)  # [N, H, W, 1]
    mask_x1_3 = conv(x1_3, "mask_x1_3", classes, 1)  # [N, H, W, 1]
    mask = conv(x1_4, "mask", classes, 1)  # [N, H, W, 1]
    return keras.Model(
        image,
        {
            "mask_x1_1": mask_x1_1,
            "mask_x1_2": mask_x1_2,
            "mask_x1_3": mask_x1_3,
            "mask": mask,
        },
        name="NucleiPlusPlus",
    )


def check_size(height: int, width: int) -> None:
    """Raises unless NucleiPlusPlus can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "NucleiPlusPlus takes images whose height and width are multiples of "
                f"16; found {height} x {width}."
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


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="bilinear", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)
