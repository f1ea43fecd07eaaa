# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers, ops


def build_gated_heads(classes: int = 2, base: int = 4) -> keras.Model:
    """Columns supervised with a gate that a judge of the whole image opens.

    Takes images of 3 channels whose height and width are multiples of 4. "present" is
    [1, 1, 2] and holds probabilities (sigmoid) in 2 channels. "mask_x1_1", "mask" and
    "ensemble" are as large and hold probabilities (sigmoid) in 2 channels. 4,392
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: judged = true.
    """
    image = keras.Input((None, None, 3), name="image")  # [N, H, W, 3]
    e1 = step(image, "e1", base)  # [N, H, W, 4]

    x = max_pool(e1, "e2-max_pool1", 2)
    e2 = step(x, "e2", base * 2)  # [N, H / 2, W / 2, 8]

    x = max_pool(e2, "e3-max_pool1", 2)
    e3 = step(x, "e3", base * 4)  # [N, H / 4, W / 4, 16]

    u1_1 = upsample(e2, "u1_1", 2)  # [N, H, W, 8]
    x = concat([e1, u1_1], "x1_1-concat1")
    x1_1 = step(x, "x1_1", base)  # [N, H, W, 4]

    u2_1 = upsample(e3, "u2_1", 2)  # [N, H / 2, W / 2, 16]
    x = concat([e2, u2_1], "x2_1-concat1")
    x2_1 = step(x, "x2_1", base * 2)  # [N, H / 2, W / 2, 8]

    u1_2 = upsample(x2_1, "u1_2", 2)  # [N, H, W, 8]
    x = concat([e1, x1_1, u1_2], "x1_2-concat1")
    x1_2 = step(x, "x1_2", base)  # [N, H, W, 4]

    x = conv(e3, "present-conv1", classes, 1)
    x = global_avg_pool(x, "present-global_avg_pool1")
    present = sigmoid(x, "present")  # [N, 1, 1, 2]

    x = conv(x1_1, "mask_x1_1-conv1", classes, 1)
    mask_x1_1_sigmoid = sigmoid(x, "mask_x1_1-sigmoid1")
    mask_x1_1_is_largest = is_largest(present, "mask_x1_1-is_largest1", 1)
    # [N, H, W, 2]
    mask_x1_1 = multiply([mask_x1_1_sigmoid, mask_x1_1_is_largest], "mask_x1_1")

    x = conv(x1_2, "mask-conv1", classes, 1)
    mask_sigmoid = sigmoid(x, "mask-sigmoid1")
    mask_is_largest = is_largest(present, "mask-is_largest1", 1)
    mask = multiply([mask_sigmoid, mask_is_largest], "mask")  # [N, H, W, 2]

    x = conv(x1_1, "ensemble-conv1", classes, 1)
    x = sigmoid(x, "ensemble-sigmoid1")
    ensemble = average([mask, x], "ensemble")  # [N, H, W, 2]
    return keras.Model(
        image,
        {
            "present": present,
            "mask_x1_1": mask_x1_1,
            "mask": mask,
            "ensemble": ensemble,
        },
        name="GatedHeads",
    )


def check_size(height: int, width: int) -> None:
    """Raises unless GatedHeads can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "GatedHeads takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


def step(x, name: str, c: int):
    x = conv(x, f"{name}-conv1", c, 3)
    return relu(x, name)


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def global_avg_pool(x, name: str):
    return layers.GlobalAveragePooling2D(keepdims=True, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="bilinear", name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)


def average(x, name: str):
    return layers.Average(name=name)(x)


def multiply(x, name: str):
    return layers.Multiply(name=name)(x)


def is_largest(x, name: str, channel: int):
    return IsLargest(channel, name=name)(x)


@keras.saving.register_keras_serializable("unetc")
class IsLargest(layers.Layer):
    """1 where a channel has the largest value of all, the first of equals, else 0."""

    def __init__(self, channel, **kwargs):
        super().__init__(**kwargs)
        self.channel = channel

    def get_config(self):
        return {**super().get_config(), "channel": self.channel}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], 1)

    def call(self, x):
        value = x[..., self.channel : self.channel + 1]
        before = ops.any(x[..., : self.channel] >= value, -1, keepdims=True)
        after = ops.any(x[..., self.channel + 1 :] > value, -1, keepdims=True)
        return ops.cast(ops.logical_not(ops.logical_or(before, after)), x.dtype)
