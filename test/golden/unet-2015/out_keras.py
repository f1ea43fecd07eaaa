# Made by unetc for Keras from unet-2015.unet; edits are lost.
import keras
from keras import layers, ops


def build_unet2015(classes: int = 2, base: int = 64, channels: int = 1) -> keras.Model:
    """The U-Net of Ronneberger, Fischer and Brox (2015): unpadded convolutions,
    skips cropped to what comes up, 572 x 572 in, 388 x 388 out.

    Takes images of 1 channel whose height and width are 12 mod 16, from 188 on; "mask"
    is 184 smaller and holds probabilities (softmax) in 2 channels. 31,030,658
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    image = keras.Input((None, None, channels), name="image")  # [N, H, W, 1]
    e1 = double_conv(image, "e1", base)  # [N, H - 4, W - 4, 64]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = double_conv(x, "e2", base * 2)  # [N, H / 2 - 6, W / 2 - 6, 128]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = double_conv(x, "e3", base * 4)  # [N, H / 4 - 7, W / 4 - 7, 256]

    x = max_pool(e3, "e4-max_pool1", 2)
    e4 = double_conv(x, "e4", base * 8)  # [N, (H - 60) / 8, (W - 60) / 8, 512]

    x = max_pool(e4, "e5-max_pool1", 2)
    x = double_conv(x, "e5-double_conv1", base * 16)
    e5 = dropout(x, "e5", 0.5)  # [N, (H - 124) / 16, (W - 124) / 16, 1024]

    # [N, (H - 124) / 8, (W - 124) / 8, 512]
    u4 = conv_transpose(e5, "u4", base * 8, 2, 2)
    x = crop_to([e4, u4], "d4-crop_to1")
    x = concat([x, u4], "d4-concat1")
    d4 = double_conv(x, "d4", base * 8)  # [N, (H - 156) / 8, (W - 156) / 8, 512]

    u3 = conv_transpose(d4, "u3", base * 4, 2, 2)  # [N, H / 4 - 39, W / 4 - 39, 256]
    x = crop_to([e3, u3], "d3-crop_to1")
    x = concat([x, u3], "d3-concat1")
    d3 = double_conv(x, "d3", base * 4)  # [N, H / 4 - 43, W / 4 - 43, 256]

    u2 = conv_transpose(d3, "u2", base * 2, 2, 2)  # [N, H / 2 - 86, W / 2 - 86, 128]
    x = crop_to([e2, u2], "d2-crop_to1")
    x = concat([x, u2], "d2-concat1")
    d2 = double_conv(x, "d2", base * 2)  # [N, H / 2 - 90, W / 2 - 90, 128]

    u1 = conv_transpose(d2, "u1", base, 2, 2)  # [N, H - 180, W - 180, 64]
    x = crop_to([e1, u1], "d1-crop_to1")
    x = concat([x, u1], "d1-concat1")
    d1 = double_conv(x, "d1", base)  # [N, H - 184, W - 184, 64]

    x = conv(d1, "mask-conv1", classes, 1)
    mask = softmax(x, "mask")  # [N, H - 184, W - 184, 2]
    return keras.Model(image, mask, name="UNet2015")


def check_size(height: int, width: int) -> None:
    """Raises unless UNet2015 can take images of this size."""
    for size in (height, width):
        if size < 188 or size % 16 != 12:
            raise ValueError(
                "UNet2015 takes images whose height and width are 12 mod 16, from 188 "
                f"on; found {height} x {width}."
            )


def double_conv(x, name: str, c: int):
    """Two 3 x 3 convolutions without padding: each takes two rows and columns off."""
    x = conv(x, f"{name}-conv1", c, 3)
    x = relu(x, f"{name}-relu1")
    x = conv(x, f"{name}-conv2", c, 3)
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
    return CropTo(name=name)(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def softmax(x, name: str):
    return layers.Softmax(name=name)(x)


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
