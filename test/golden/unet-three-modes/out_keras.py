# Made by unetc for Keras from unet-three-modes.unet; edits are lost.
import keras
from keras import layers, ops


def build_unet_three_modes(
    classes: int = 10, base: int = 64, channels: int = 3
) -> keras.Model:
    """One U-Net, three answers to sizes that differ at a skip: cut the skip, pad
    what comes up, or pad every convolution so that they never differ.

    Takes images of 3 channels whose height and width are at least 188; "mask" is [16
    floor((H + 4) / 16) - 188, W alike, 10] and holds logits in 10 channels. 31,055,882
    parameters. Losses take logits with from_logits=True; softmax makes probabilities of
    "mask".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: mode = crop.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 3]
    e1 = double_conv(image, "e1", base)  # [N, H - 4, W - 4, 64]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, floor(H / 2) - 6, floor(W / 2) - 6, 128]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, floor(H / 4) - 7, floor(W / 4) - 7, 256]

    x = max_pool(e3, "e4-max_pool1", 2)
    e4 = double_conv(x, "e4", base * 8)  # [N, floor((H + 4) / 8) - 8, W alike, 512]

    x = max_pool(e4, "e5-max_pool1", 2)
    e5 = double_conv(x, "e5", base * 16)  # [N, floor((H + 4) / 16) - 8, W alike, 1024]

    # [N, 2 floor((H + 4) / 16) - 16, W alike, 512]
    u4 = conv_transpose(e5, "u4", base * 8, 2, 2)
    x = crop_to([e4, u4], "d4-crop_to1")
    x = concat([x, u4], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, 2 floor((H + 4) / 16) - 20, W alike, 512]

    # [N, 4 floor((H + 4) / 16) - 40, W alike, 256]
    u3 = conv_transpose(d4, "u3", base * 4, 2, 2)
    x = crop_to([e3, u3], "d3-crop_to1")
    x = concat([x, u3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, 4 floor((H + 4) / 16) - 44, W alike, 256]

    # [N, 8 floor((H + 4) / 16) - 88, W alike, 128]
    u2 = conv_transpose(d3, "u2", base * 2, 2, 2)
    x = crop_to([e2, u2], "d2-crop_to1")
    x = concat([x, u2], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, 8 floor((H + 4) / 16) - 92, W alike, 128]

    # [N, 16 floor((H + 4) / 16) - 184, W alike, 64]
    u1 = conv_transpose(d2, "u1", base, 2, 2)
    x = crop_to([e1, u1], "d1-crop_to1")
    x = concat([x, u1], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, 16 floor((H + 4) / 16) - 188, W alike, 64]

    # [N, 16 floor((H + 4) / 16) - 188, W alike, 10]
    mask = conv(d1, "mask", classes, 1)
    return keras.Model(image, mask, name="UNetThreeModes")


def check_size(height: int, width: int) -> None:
    """Raises unless UNetThreeModes can take images of this size."""
    for size in (height, width):
        if size < 188:
            raise ValueError(
                "UNetThreeModes takes images whose height and width are at least 188; "
                f"found {height} x {width}."
            )


def double_conv(x, name: str, c: int):
    """Here padding = valid."""
    x = conv(x, f"{name}-conv1", c, 3)
    x = batch_norm(x, f"{name}-batch_norm1")
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
    x = batch_norm(x, f"{name}-batch_norm2")
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    return layers.Conv2D(filters, kernel, kernel_initializer="he_normal", name=name)(x)


def conv_transpose(x, name: str, filters: int, kernel, strides):
    taps = area(kernel)
    seen = max(1, taps / area(strides)) * x.shape[-1]
    start = spread("he_normal", seen, taps * filters)
    layer = layers.Conv2DTranspose(
        filters, kernel, strides, kernel_initializer=start, name=name
    )
    return layer(x)


def crop_to(x, name: str):
    return CropTo(half_even=True, name=name)(x)


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


@keras.saving.register_keras_serializable("unetc")
class CropTo(layers.Layer):
    """Cuts the centre of images to the height and width of a second input; of an odd
    row or column more goes below and right, or half of all is rounded to even.
    """

    def __init__(self, half_even=False, **kwargs):
        super().__init__(**kwargs)
        self.half_even = half_even

    def get_config(self):
        return {**super().get_config(), "half_even": self.half_even}

    def compute_output_shape(self, input_shape):
        image, target = input_shape
        return (image[0], *target[1:3], image[3])

    def call(self, inputs):
        image, target = inputs
        height, width = ops.shape(target)[1:3]
        top = self.first(ops.shape(image)[1] - height)
        left = self.first(ops.shape(image)[2] - width)
        return image[:, top : top + height, left : left + width]

    def first(self, cut):
        half = cut // 2
        return half + (cut % 2) * (half % 2) if self.half_even else half
