"""Small models of Keras whose layers have no names of their own: keras-graphs.json.

Of each: its configuration, the weights of its layers in the order of the model with
their shapes, and what it gives for an image. Layers are made in an order other than that
in which they run. Weights and image are formulas, written in formulas.py. Run with Keras 3
and JAX: python3 make-keras-graphs.py > keras-graphs.json
"""
import json
import math
import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import keras
import numpy as np
from keras import layers as L

import formulas

keras.config.set_floatx("float64")
SAMPLES = 24
SIZE = 8
KINDS = dict(
    kernel="weight", bias="bias", gamma="gamma", beta="beta", moving_mean="mean", moving_variance="var"
)


def image():
    return keras.Input((SIZE, SIZE, 3))


def side_by_side():
    """The projection is made first, and merged first."""
    short, second, first = L.Conv2D(4, 1), L.Conv2D(4, 1), L.Conv2D(4, 1)
    x = image()
    stem = L.Conv2D(4, 3, padding="same")(x)
    h = second(L.ReLU()(first(stem)))
    return keras.Model(x, L.Add()([short(stem), h]))


def many_blocks():
    """One block many times, its layers made anew in another order each time."""
    x = image()
    y = L.Conv2D(4, 3, padding="same", use_bias=False)(x)
    for turn in range(4):
        made = [L.Conv2D(4, 1, use_bias=False) for _ in range(3)]
        norms = [L.BatchNormalization() for _ in range(3)]
        first, second, short = made[turn % 3], made[(turn + 1) % 3], made[(turn + 2) % 3]
        h = norms[2](second(L.Activation("relu")(norms[0](first(y)))))
        s = norms[1](short(y))
        y = L.ReLU()(L.Add()([h, s] if turn % 2 else [s, h]))
    return keras.Model(x, L.Conv2D(2, 1)(y))


def unet():
    """Fused activations, a separable and a transposed convolution, dense gates, a concatenation."""
    last = L.Conv2D(1, 1)
    up = L.Conv2DTranspose(4, 2, strides=2)
    x = image()
    e1 = L.Conv2D(4, 3, padding="same", activation="relu")(x)
    p = L.MaxPooling2D(2)(e1)
    s = L.SeparableConv2D(8, 3, padding="same", activation="relu6")(p)
    g = L.GlobalAveragePooling2D(keepdims=True)(s)
    g = L.Dense(8, activation="sigmoid")(L.Dense(2, activation="swish")(g))
    s = L.Multiply()([s, g])
    s = L.Dropout(0.5)(s)
    d1 = L.Concatenate()([e1, up(s)])
    return keras.Model(x, last(L.DepthwiseConv2D(3, padding="same")(d1)))


def nested():
    """A model as a layer of another, behind a scaling of its own, with a classifier on top."""
    inner_image = image()
    second, first = L.Conv2D(4, 1), L.Conv2D(4, 1)
    a, b = first(inner_image), second(inner_image)
    inner = keras.Model(inner_image, L.Add()([L.ReLU()(a), L.Activation("sigmoid")(b)]))
    x = image()
    y = inner(L.Rescaling(1.0)(x))
    y = keras.Sequential([L.Conv2D(4, 3, padding="same"), L.LeakyReLU(negative_slope=0.1)])(y)
    return keras.Model(x, y)


def unclear():
    """Two branches that are alike; each has an output."""
    x = image()
    return keras.Model(x, [L.Conv2D(4, 3, padding="same")(x), L.Conv2D(4, 3, padding="same")(x)])


def alike():
    """Two branches that are alike and meet in a sum: exchanging them changes nothing."""
    x = image()
    return keras.Model(x, L.Add()([L.Conv2D(4, 3, padding="same")(x), L.Conv2D(4, 3, padding="same")(x)]))


def lean(config):
    """A configuration without what has no part in what a layer does."""
    if isinstance(config, list):
        return [lean(each) for each in config]
    if not isinstance(config, dict):
        return config
    idle = ("initializer", "regularizer", "constraint", "dtype", "trainable", "build_config")
    return {key: lean(each) for key, each in config.items() if not key.endswith(idle)}


def describe(make):
    model = make()
    listed, position = [], 0
    for layer in model.layers:
        weights = []
        for variable in layer.weights:
            shape = list(variable.shape)
            kind = KINDS.get(variable.name, "weight")
            fan_in = np.prod(shape[:-1])
            amplitude = math.sqrt(6 / fan_in) if kind == "weight" else None
            variable.assign(formulas.weight(position, kind, shape, amplitude))
            weights.append([variable.path, kind, shape, amplitude])
            position += 1
        if weights:
            listed.append([layer.name, weights])
    pixels = formulas.image([1, 3, SIZE, SIZE]).transpose(0, 2, 3, 1)
    results = model(pixels)
    results = results if isinstance(results, list) else [results]
    samples = [formulas.samples(np.asarray(y).transpose(0, 3, 1, 2), SAMPLES) for y in results]
    config = dict(class_name="Functional", config=lean(json.loads(model.to_json())["config"]))
    return dict(name=make.__name__, config=config, layers=listed, samples=samples)


models = [side_by_side, many_blocks, unet, nested, unclear, alike]
print(json.dumps(dict(keras=keras.__version__, size=SIZE, models=[describe(make) for make in models])))
