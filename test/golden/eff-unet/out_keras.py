# Made by unetc for Keras from eff-unet.unet; edits are lost.
import keras
from keras import layers


def build_eff_unet(classes: int = 1, base: int = 16, channels: int = 3) -> keras.Model:
    """Eff-UNet (Baheti et al. 2020) on EfficientNet-B0, in the form of the libraries
    for segmentation: the last level of the decoder has no skip.

    Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31 on;
    "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds logits in 1 channel. 5,880,749
    parameters. Losses take logits with from_logits=True; sigmoid makes probabilities of
    "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: width = 1, divisor = 8.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    # stem: [N, ceil(H / 2), ceil(W / 2), 32]
    # block_3: [N, ceil(H / 4), ceil(W / 4), 24]
    # block_5: [N, ceil(H / 8), ceil(W / 8), 40]
    # block_11: [N, ceil(H / 16), ceil(W / 16), 112]
    # narrow: [N, ceil(H / 32), ceil(W / 32), 320]
    stem, block_3, block_5, block_11, narrow = efficientnet(image, "efficientnet")

    u5 = upsample(narrow, "u5", 2)  # [N, ceil(H / 16), ceil(W / 16), 320]
    x = concat([u5, block_11], "d5-concat1")
    d5 = double_conv(x, "d5", base * 16)  # [N, ceil(H / 16), ceil(W / 16), 256]

    u4 = upsample(d5, "u4", 2)  # [N, ceil(H / 8), ceil(W / 8), 256]
    x = concat([u4, block_5], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, ceil(H / 8), ceil(W / 8), 128]

    u3 = upsample(d4, "u3", 2)  # [N, ceil(H / 4), ceil(W / 4), 128]
    x = concat([u3, block_3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, ceil(H / 4), ceil(W / 4), 64]

    u2 = upsample(d3, "u2", 2)  # [N, ceil(H / 2), ceil(W / 2), 64]
    x = concat([u2, stem], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, ceil(H / 2), ceil(W / 2), 32]

    u1 = upsample(d2, "u1", 2)  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 32]
    d1 = double_conv(u1, "d1", base)  # [N, 2 ceil(H / 2), 2 ceil(W / 2), 16]

    # [N, 2 ceil(H / 2), 2 ceil(W / 2), 1]
    mask = conv(d1, "mask", classes, 3, padding="same")
    return keras.Model(image, mask, name="EffUNet")


def check_size(height: int, width: int) -> None:
    """Raises unless EffUNet can take images of this size."""
    for size in (height, width):
        if size < 31 or size % 32 not in (0, 31):
            raise ValueError(
                "EffUNet takes images whose height and width are 0 or 31 mod 32, from "
                f"31 on; found {height} x {width}."
            )


def norm(x, name: str):
    """Batch normalisation with the constants of torchvision or of Keras.

    Here form = torch.
    """
    return batch_norm(x, name)


def squeeze_excite(x, name: str, squeezed: float):
    """Squeeze and excitation (Hu et al. 2018): the means of all channels decide how
    much of each channel passes.
    """
    channels = x.shape[-1]
    y = global_avg_pool(x, f"{name}-gate-global_avg_pool1")
    y = conv(y, f"{name}-gate-conv1", int(squeezed), 1)
    y = silu(y, f"{name}-gate-silu1")
    y = conv(y, f"{name}-gate-conv2", channels, 1)
    gate = sigmoid(y, f"{name}-gate")
    return multiply([x, gate], name)


def double_conv(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3, padding="same", use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3, padding="same", use_bias=False)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def mbconv_kernel_3(x, name: str, c: float, kernel: int):
    """An inverted residual with squeeze and excitation. Keras pads strided convolutions
    less above and left; in PyTorch's form both sides are alike.

    Here factor = 1, norm_form = torch, without wide, without add.
    """
    channels = x.shape[-1]
    x = depthwise_conv(x, f"{name}-deep-depthwise_conv1", kernel, padding="same")
    x = norm(x, f"{name}-deep-norm1")
    deep = silu(x, f"{name}-deep")
    excited = squeeze_excite(deep, f"{name}-excited", max(1, channels // 4))
    x = conv(excited, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    return norm(x, f"{name}-narrow")


def mbconv_stride_2_kernel_3(x, name: str, c: float, kernel: int):
    """Like mbconv_kernel_3, here stride = 2, factor = 6, with wide."""
    channels = x.shape[-1]
    x = conv(x, f"{name}-wide-conv1", channels * 6, 1, use_bias=False)
    x = norm(x, f"{name}-wide-norm1")
    wide = silu(x, f"{name}-wide")
    x = depthwise_conv(
        pad(wide, f"{name}-deep-depthwise_conv1--pad", 1),
        f"{name}-deep-depthwise_conv1",
        kernel,
        strides=2,
    )
    x = norm(x, f"{name}-deep-norm1")
    deep = silu(x, f"{name}-deep")
    excited = squeeze_excite(deep, f"{name}-excited", max(1, channels // 4))
    x = conv(excited, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    return norm(x, f"{name}-narrow")


def mbconv_with_add(x, name: str, c: float, kernel: int):
    """Like mbconv_kernel_3, here factor = 6, with wide, with add."""
    channels = x.shape[-1]
    y = conv(x, f"{name}-wide-conv1", channels * 6, 1, use_bias=False)
    y = norm(y, f"{name}-wide-norm1")
    wide = silu(y, f"{name}-wide")
    y = depthwise_conv(wide, f"{name}-deep-depthwise_conv1", kernel, padding="same")
    y = norm(y, f"{name}-deep-norm1")
    deep = silu(y, f"{name}-deep")
    excited = squeeze_excite(deep, f"{name}-excited", max(1, channels // 4))
    y = conv(excited, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    narrow = norm(y, f"{name}-narrow")
    return add([x, narrow], name)


def mbconv_stride_2_kernel_5(x, name: str, c: float, kernel: int):
    """Like mbconv_kernel_3, here stride = 2, factor = 6, with wide."""
    channels = x.shape[-1]
    x = conv(x, f"{name}-wide-conv1", channels * 6, 1, use_bias=False)
    x = norm(x, f"{name}-wide-norm1")
    wide = silu(x, f"{name}-wide")
    x = depthwise_conv(
        pad(wide, f"{name}-deep-depthwise_conv1--pad", 2),
        f"{name}-deep-depthwise_conv1",
        kernel,
        strides=2,
    )
    x = norm(x, f"{name}-deep-norm1")
    deep = silu(x, f"{name}-deep")
    excited = squeeze_excite(deep, f"{name}-excited", max(1, channels // 4))
    x = conv(excited, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    return norm(x, f"{name}-narrow")


def mbconv(x, name: str, c: float, kernel: int):
    """Like mbconv_kernel_3, here factor = 6, with wide."""
    channels = x.shape[-1]
    x = conv(x, f"{name}-wide-conv1", channels * 6, 1, use_bias=False)
    x = norm(x, f"{name}-wide-norm1")
    wide = silu(x, f"{name}-wide")
    x = depthwise_conv(wide, f"{name}-deep-depthwise_conv1", kernel, padding="same")
    x = norm(x, f"{name}-deep-norm1")
    deep = silu(x, f"{name}-deep")
    excited = squeeze_excite(deep, f"{name}-excited", max(1, channels // 4))
    x = conv(excited, f"{name}-narrow-conv1", int(c), 1, use_bias=False)
    return norm(x, f"{name}-narrow")


def efficientnet(x, name: str):
    """EfficientNet (Tan and Le 2019) without its classifier. B0 to B7 are, as width
    and depth: 1 and 1, 1 and 1.1, 1.1 and 1.2, 1.2 and 1.4, 1.4 and 1.8, 1.6 and
    2.2, 1.8 and 2.6, 2 and 3.1. Widths are rounded to multiples of "divisor". In
    torchvision, B5 to B7 have the normalisations of Keras: "norm_form: keras".
    """
    x = conv(
        pad(x, f"{name}-stem-conv1--pad", 1),
        f"{name}-stem-conv1",
        32,
        3,
        strides=2,
        use_bias=False,
    )
    x = norm(x, f"{name}-stem-norm1")
    stem = silu(x, f"{name}-stem")
    block_1 = mbconv_kernel_3(stem, f"{name}-block_1", 16, 3)
    block_2 = mbconv_stride_2_kernel_3(block_1, f"{name}-block_2", 24, 3)
    block_3 = mbconv_with_add(block_2, f"{name}-block_3", 24, 3)
    block_4 = mbconv_stride_2_kernel_5(block_3, f"{name}-block_4", 40, 5)
    block_5 = mbconv_with_add(block_4, f"{name}-block_5", 40, 5)
    block_6 = mbconv_stride_2_kernel_3(block_5, f"{name}-block_6", 80, 3)
    block_7 = mbconv_with_add(block_6, f"{name}-block_7", 80, 3)
    block_8 = mbconv_with_add(block_7, f"{name}-block_8", 80, 3)
    block_9 = mbconv(block_8, f"{name}-block_9", 112, 5)
    block_10 = mbconv_with_add(block_9, f"{name}-block_10", 112, 5)
    block_11 = mbconv_with_add(block_10, f"{name}-block_11", 112, 5)
    block_12 = mbconv_stride_2_kernel_5(block_11, f"{name}-block_12", 192, 5)
    block_13 = mbconv_with_add(block_12, f"{name}-block_13", 192, 5)
    block_14 = mbconv_with_add(block_13, f"{name}-block_14", 192, 5)
    block_15 = mbconv_with_add(block_14, f"{name}-block_15", 192, 5)
    block_16 = mbconv(block_15, f"{name}-block_16", 320, 3)
    return stem, block_3, block_5, block_11, block_16


def conv(x, name: str, filters: int, kernel, **options):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", name=name, **options
    )
    return layer(x)


def depthwise_conv(x, name: str, kernel, **options):
    taps = area(kernel)
    start = spread("he_normal", taps, taps)
    layer = layers.DepthwiseConv2D(
        kernel, use_bias=False, depthwise_initializer=start, name=name, **options
    )
    return layer(x)


def pad(x, name: str, edges):
    return layers.ZeroPadding2D(edges, name=name)(x)


def global_avg_pool(x, name: str):
    return layers.GlobalAveragePooling2D(keepdims=True, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def batch_norm(x, name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def silu(x, name: str):
    return layers.Activation("silu", name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


def multiply(x, name: str):
    return layers.Multiply(name=name)(x)


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
