# Made by unetc for Keras from spec.unet; edits are lost.
import keras
from keras import layers


def build_shared() -> keras.Model:
    """Two halves of an image through one look, whose map a recurrent step refines.

    Takes images of 2 channels whose height and width are at least 2; "mask" is [2
    floor(H / 2), 2 floor(W / 2), 1] and holds probabilities (sigmoid) in 1 channel.
    1,229 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: base = 4.
    """
    image = keras.Input((None, None, 2), name="image")  # [N, H, W, 2]
    look = make_look("look", 4)
    gate = make_gate("gate", 4)
    up = make_up("up")
    left = conv(image, "left", 2, 1)  # [N, H, W, 2]
    right = conv(image, "right", 2, 3)  # [N, H, W, 2]

    x = look(left)
    a = gate(x)  # [N, floor(H / 2), floor(W / 2), 4]
    x = look(right)
    b = gate(x)  # [N, floor(H / 2), floor(W / 2), 4]
    x = subtract([a, b], "change-subtract1")
    change = recurrent(x, "change", 8)  # [N, floor(H / 2), floor(W / 2), 8]

    c = up(change)  # [N, 2 floor(H / 2), 2 floor(W / 2), 8]
    x = relu(change, "d-relu1")
    d = up(x)  # [N, 2 floor(H / 2), 2 floor(W / 2), 8]
    e = add([c, d], "e")  # [N, 2 floor(H / 2), 2 floor(W / 2), 8]

    x = conv(e, "mask-conv1", 1, 1)
    mask = sigmoid(x, "mask")  # [N, 2 floor(H / 2), 2 floor(W / 2), 1]
    return keras.Model(image, mask, name="Shared")


def check_size(height: int, width: int) -> None:
    """Raises unless Shared can take images of this size."""
    for size in (height, width):
        if size < 2:
            raise ValueError(
                "Shared takes images whose height and width are at least 2; "
                f"found {height} x {width}."
            )


def make_look(name: str, base: int):
    """Both halves meet the same layers.

    Makes the layers once: all that is sent through what it gives meets the same
    weights.
    """
    double_conv1 = make_double_conv(f"{name}-double_conv1", base)
    max_pool_layer = make_max_pool(name, 2)

    def apply(x):
        x = double_conv1(x)
        return max_pool_layer(x)

    return apply


def make_gate(name: str, base: int):
    """Makes the layers once: all that is sent through what it gives meets the same
    weights.
    """
    global_avg_pool1 = make_global_avg_pool(f"{name}-global_avg_pool1")
    conv1 = make_conv(f"{name}-conv1", base, 1)
    sigmoid1 = make_sigmoid(f"{name}-sigmoid1")
    multiply_layer = make_multiply(name)

    def apply(x):
        y = global_avg_pool1(x)
        y = conv1(y)
        y = sigmoid1(y)
        return multiply_layer([y, x])

    return apply


def make_up(name: str):
    """Makes the layers once: all that is sent through what it gives meets the same
    weights.
    """
    conv_transpose_layer = make_conv_transpose(
        name, 8, 2, 2, kernel_initializer="he_normal"
    )

    def apply(x):
        return conv_transpose_layer(x)

    return apply


def make_double_conv(name: str, c: int):
    """Makes the layers once: all that is sent through what it gives meets the same
    weights.
    """
    conv1 = make_conv(f"{name}-conv1", c, 3)
    batch_norm1 = make_batch_norm(f"{name}-batch_norm1")
    relu1 = make_relu(f"{name}-relu1")
    conv_layer = make_conv(name, c, 3, use_bias=False)

    def apply(x):
        x = conv1(x)
        x = batch_norm1(x)
        x = relu1(x)
        return conv_layer(x)

    return apply


def recurrent(x, name: str, c: int):
    """One convolution on its own result and what came in."""
    step = make_step(f"{name}-step", c)
    x_tensor = conv(x, f"{name}-x", c, 1)
    h = step(x_tensor)
    x = add([x_tensor, h], f"{name}-h_1-add1")
    h_1 = step(x)
    x = add([x_tensor, h_1], f"{name}-h_2-add1")
    return step(x)


def make_step(name: str, c: int):
    """Makes the layers once: all that is sent through what it gives meets the same
    weights.
    """
    conv1 = make_conv(f"{name}-conv1", c, 3)
    batch_norm1 = make_batch_norm(f"{name}-batch_norm1")
    relu_layer = make_relu(name)

    def apply(x):
        x = conv1(x)
        x = batch_norm1(x)
        return relu_layer(x)

    return apply


def conv(x, name: str, filters: int, kernel):
    layer = layers.Conv2D(
        filters, kernel, kernel_initializer="he_normal", padding="same", name=name
    )
    return layer(x)


def relu(x, name: str):
    return layers.ReLU(name=name)(x)


def sigmoid(x, name: str):
    return layers.Activation("sigmoid", name=name)(x)


def add(x, name: str):
    return layers.Add(name=name)(x)


def subtract(x, name: str):
    return layers.Subtract(name=name)(x)


def make_conv(name: str, filters: int, kernel, **options):
    return layers.Conv2D(
        filters,
        kernel,
        kernel_initializer="he_normal",
        padding="same",
        name=name,
        **options,
    )


def make_conv_transpose(
    name: str, filters: int, kernel, strides, *, kernel_initializer: str
):
    made = []

    def layer(x):
        if not made:
            taps = area(kernel)
            seen = max(1, taps / area(strides)) * x.shape[-1]
            start = spread(kernel_initializer, seen, taps * filters)
            made.append(
                layers.Conv2DTranspose(
                    filters, kernel, strides, kernel_initializer=start, name=name
                )
            )
        return made[0](x)

    return layer


def make_max_pool(name: str, size):
    return layers.MaxPooling2D(size, name=name)


def make_global_avg_pool(name: str):
    return layers.GlobalAveragePooling2D(keepdims=True, name=name)


def make_batch_norm(name: str):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)


def make_relu(name: str):
    return layers.ReLU(name=name)


def make_sigmoid(name: str):
    return layers.Activation("sigmoid", name=name)


def make_multiply(name: str):
    return layers.Multiply(name=name)


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
