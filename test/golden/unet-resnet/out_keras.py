# Made by unetc for Keras from unet-resnet.unet; edits are lost.
import keras
from keras import layers


def build_unet_res_net(classes: int = 1, channels: int = 3) -> keras.Model:
    """A U-Net over ResNet-34 as segmentation_models.pytorch builds it by default, whose
    files it reads: steps up by nearest pixels, and no skip at full size.

    Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31 on;
    "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds logits in 1 channel.
    24,455,377 parameters. Losses take logits with from_logits=True; sigmoid makes
    probabilities of "mask".

    Values are divided by the largest of their type (255 for 8 bits); then each channel
    less its mean (0.485, 0.456, 0.406) is divided by its deviation (0.229, 0.224,
    0.225).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: depth = 34, base = 64.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    # s2: [N, ceil(H / 2), ceil(W / 2), 64]
    # block_3: [N, ceil(H / 4), ceil(W / 4), 64]
    # block_7: [N, ceil(H / 8), ceil(W / 8), 128]
    # block_13: [N, ceil(H / 16), ceil(W / 16), 256]
    # block_16: [N, ceil(H / 32), ceil(W / 32), 512]
    s2, block_3, block_7, block_13, block_16 = resnet(image, "resnet")

    u5 = upsample(block_16, "u5", 2)  # [N, ceil(H / 16), ceil(W / 16), 512]
    x = concat([u5, block_13], "d5-concat1")
    d5 = double_conv(x, "d5", 256)  # [N, ceil(H / 16), ceil(W / 16), 256]

    u4 = upsample(d5, "u4", 2)  # [N, ceil(H / 8), ceil(W / 8), 256]
    x = concat([u4, block_7], "d4-concat1")
    d4 = double_conv(x, "d4", 128)  # [N, ceil(H / 8), ceil(W / 8), 128]

    u3 = upsample(d4, "u3", 2)  # [N, ceil(H / 4), ceil(W / 4), 128]
    x = concat([u3, block_3], "d3-concat1")
    d3 = double_conv(x, "d3", 64)  # [N, ceil(H / 4), ceil(W / 4), 64]

    u2 = upsample(d3, "u2", 2)  # [N, ceil(H / 2), ceil(W / 2), 64]
    x = concat([u2, s2], "d2-concat1")
    d2 = double_conv(x, "d2", 32)  # [N, ceil(H / 2), ceil(W / 2), 32]

    u1 = upsample(d2, "u1", 2)  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 32]
    d1 = double_conv(u1, "d1", 16)  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 16]

    # [N, 2 ceil(H / 2), 2 ceil(W / 2), 1]
    mask = conv(d1, "mask", classes, 3, padding="same")
    return keras.Model(image, mask, name="UNetResNet")


def check_size(height: int, width: int) -> None:
    """Raises unless UNetResNet can take images of this size."""
    for size in (height, width):
        if size < 31 or size % 32 not in (0, 31):
            raise ValueError(
                "UNetResNet takes images whose height and width are 0 or 31 mod 32, "
                f"from 31 on; found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of torchvision or of Keras.

    Here form = torch.
    """
    return batch_norm(x, name)


def basic(x, name: str, c: int):
    """Two convolutions of size 3 with a shortcut (He et al. 2015); the first may have a
    dilation of its own.

    Here first_dilation = 1, without short.
    """
    y = conv(x, f"{name}-h-conv1", c, 3, padding="same", use_bias=False)
    y = norm(y, f"{name}-h-norm1")
    y = relu(y, f"{name}-h-relu1")
    y = conv(y, f"{name}-h-conv2", c, 3, padding="same", use_bias=False)
    h = norm(y, f"{name}-h")
    y = add([h, x], f"{name}-add1")
    return relu(y, name)


def basic_stride_2(x, name: str, c: int):
    """Like basic, here stride = 2, with short."""
    y = conv(
        pad(x, f"{name}-h-conv1--pad", 1),
        f"{name}-h-conv1",
        c,
        3,
        strides=2,
        use_bias=False,
    )
    y = norm(y, f"{name}-h-norm1")
    y = relu(y, f"{name}-h-relu1")
    y = conv(y, f"{name}-h-conv2", c, 3, padding="same", use_bias=False)
    h = norm(y, f"{name}-h")
    y = conv(x, f"{name}-short-conv1", c, 1, strides=2, use_bias=False)
    short = norm(y, f"{name}-short")
    y = add([h, short], f"{name}-add1")
    return relu(y, name)


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3, padding="same", use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3, padding="same", use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def resnet(x, name: str):
    """ResNet-18, 34, 50, 101 and 152 (He et al. 2015) without their classifiers, as
    torchvision has them, or with "form: keras" as Keras has the last three. The
    taps are the stem and the ends of the four stages, named by their stride. The
    stem is padded with zeros before its pool, which changes no maximum: a
    rectified value is never below zero. timm's files have torchvision's names.
    """
    x = conv(
        pad(x, f"{name}-s2-conv1--pad", 3),
        f"{name}-s2-conv1",
        64,
        7,
        strides=2,
        use_bias=False,
    )
    x = norm(x, f"{name}-s2-norm1")
    s2 = relu(x, "s2")
    x = pad(s2, f"{name}-block-pad1", 1)
    block = max_pool(x, f"{name}-block", 3, strides=2)
    block_1 = basic(block, f"{name}-block_1", 64)
    block_2 = basic(block_1, f"{name}-block_2", 64)
    block_3 = basic(block_2, f"{name}-block_3", 64)
    block_4 = basic_stride_2(block_3, f"{name}-block_4", 128)
    block_5 = basic(block_4, f"{name}-block_5", 128)
    block_6 = basic(block_5, f"{name}-block_6", 128)
    block_7 = basic(block_6, f"{name}-block_7", 128)
    block_8 = basic_stride_2(block_7, f"{name}-block_8", 256)
    block_9 = basic(block_8, f"{name}-block_9", 256)
    block_10 = basic(block_9, f"{name}-block_10", 256)
    block_11 = basic(block_10, f"{name}-block_11", 256)
    block_12 = basic(block_11, f"{name}-block_12", 256)
    block_13 = basic(block_12, f"{name}-block_13", 256)
    block_14 = basic_stride_2(block_13, f"{name}-block_14", 512)
    block_15 = basic(block_14, f"{name}-block_15", 512)
    block_16 = basic(block_15, f"{name}-block_16", 512)
    return s2, block_3, block_7, block_13, block_16


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def max_pool(x, name: str, size, **options):
    return layers.MaxPooling2D(size, name=name, **options)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)
