# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_class(classes: int = 1) -> keras.Model:
    """Names that mean something in TypeScript.  A */ does no harm.

    Takes images of 3 channels whose height and width are multiples of 2; "return" is as
    large and holds logits in 1 channel. 2,931 parameters. Losses take logits with
    from_logits=True; sigmoid makes probabilities of "return".

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """
    name = keras.Input((None, None, 3), name="name")  # [N, H, W, 3]
    x_tensor = function(name, "x", 4)  # [N, H, W, 4]
    class_tensor = conv(x_tensor, "class", 4, 2)  # [N, H, W, 8]

    x = relu(class_tensor, "tf-relu1")
    x = max_pool(x, "tf-max_pool1", 2)
    tf = conv_layer(x, "tf", 4, 3)  # [N, H / 2, W / 2, 4]

    x = upsample(tf, "default-nearest1", 2)
    x = conv_layer(x, "default-conv1", 4, 3)
    default = camel(x, "default")  # [N, H, W, 4]
    x = concat([default, class_tensor], "conv1-concat1")
    conv1 = double_conv(x, "conv1", 8)  # [N, H, W, 8]
    buildClass = tensor_block(conv1, x_tensor, "buildClass")  # [N, H, W, 3]

    return_tensor = conv_layer(buildClass, "return", classes, 1)  # [N, H, W, 1]
    return keras.Model(name, return_tensor, name="class_")


def check_size(height: int, width: int) -> None:
    """Raises unless class_ can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "class_ takes images whose height and width are multiples of 2; "
                f"found {height} x {width}."
            )


def function(x, name: str, name_value: int):
    x = conv_layer(x, f"{name}-conv1", name_value, 3)
    return relu(x, name)


def conv(x, name: str, x_value: int, input: int):
    x = conv_layer(x, f"{name}-conv1", x_value, 3)
    x = relu(x, f"{name}-relu1")
    return conv_layer(x, name, x_value * input, 3)


def camel(x, name: str):
    x = relu(x, f"{name}-relu1")
    return conv_layer(x, name, 4, 3)


def double_conv(x, name: str, c: int):
    x = conv_layer(x, f"{name}-conv1", c, 3)
    return conv_layer(x, name, c, 3)


def tensor_block(x, layer, name: str):
    x = concat([x, layer], f"{name}-concat1")
    return conv_layer(x, name, 3, 3)


def conv_layer(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, padding="same", kernel_initializer="he_normal", name=name
    )
    return layer(x)


def max_pool(x, name: str, size):
    return layers.MaxPooling2D(size, name=name)(x)


def upsample(x, name: str, size):
    return layers.UpSampling2D(size, interpolation="nearest", name=name)(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def concat(x, name: str):
    return layers.Concatenate(name=name)(x)
