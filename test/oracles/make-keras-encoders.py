"""Keras' encoders as numbers: keras-encoders.json.

Names and shapes of the weights without the classifier, and forward values at every
resolution, in float64, of the weights and images of formulas.py. Shapes and samples of
the results are told as n, c, h, w. Run with Keras 3 and JAX:
python3 make-keras-encoders.py > keras-encoders.json
"""
import json
import math
import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import keras
import numpy as np

import formulas

SAMPLES = 12
KINDS = dict(
    kernel="weight", bias="bias", gamma="gamma", beta="beta", moving_mean="mean", moving_variance="var"
)
keras.config.set_floatx("float64")
applications = keras.applications


def entries(model):
    """[name, kind, shape, amplitude] of every weight, in order, and the variables of them.

    The normalisation of images inside an EfficientNet is left out."""
    listed, variables = [], []
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            continue
        for variable in layer.weights:
            shape = list(variable.shape)
            kind = KINDS[variable.name]
            is_depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
            fan_in = np.prod(shape[:2] if is_depthwise else shape[:-1])
            amplitude = math.sqrt(6 / fan_in) if kind == "weight" else None
            listed.append([variable.path, kind, shape, amplitude])
            variables.append(variable)
    return listed, variables


def describe(make, call, tapped, sizes, **options):
    def build(size):
        whole = make(weights=None, include_top=False, input_shape=(*size, 3), **options)
        if tapped is None:
            return whole
        return keras.Model(whole.input, [whole.get_layer(name).output for name in tapped.values()])

    model = build(sizes[0])
    listed, _ = entries(model)
    features = sum(int(np.prod(e[2])) for e in listed if e[1] not in ("mean", "var"))
    described = dict(name=make.__name__, encoder=call, features=features)
    if tapped is None:
        described["last"] = [e[0] for e in listed[-4:]]
        described["count"] = len(listed)
        return described
    described["weights"] = listed
    # How Keras pads depends on the size that it is told: a model for each.
    described["runs"] = [run(build(size), tapped, size) for size in sizes]
    return described


def run(model, tapped, size):
    for position, (variable, (_, *entry)) in enumerate(zip(*reversed(entries(model)))):
        variable.assign(formulas.weight(position, *entry))
    image = formulas.image([1, 3, *size]).transpose(0, 2, 3, 1)
    # An EfficientNet divides its image by 255.
    scale = 255 if any(isinstance(layer, keras.layers.Rescaling) for layer in model.layers) else 1
    taps = {}
    for tap, result in zip(tapped, model(scale * image)):
        x = np.asarray(result).transpose(0, 3, 1, 2)
        taps[tap] = dict(
            shape=list(x.shape),
            largest=float(np.abs(x).max()),
            samples=formulas.samples(x, SAMPLES),
        )
    return dict(size=size, taps=taps)


def taps(*layers):
    """Layers by the tap that is their output, from full or half size down."""
    first = 1 if layers[0].startswith("block1_conv") else 2
    return {f"s{first * 2**at}": name for at, name in enumerate(layers)}


VGG = taps("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3", "block5_conv3")
RESNET = taps("conv1_relu", "conv2_block3_out", "conv3_block4_out", "conv4_block6_out", "conv5_block3_out")
MOBILE_V1 = taps(*(f"conv_pw_{at}_relu" for at in (1, 3, 5, 11, 13)))
MOBILE_V2 = taps("expanded_conv_project_BN", "block_2_add", "block_5_add", "block_12_add", "out_relu")
EXPANSIONS = taps(*(f"block_{at}_expand_relu" for at in (1, 3, 6, 13)), "block_16_project")
EFFICIENT = taps("stem_activation", "block2b_add", "block3b_add", "block5c_add", "top_activation")
SCALES = [(1, 1), (1, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8), (1.6, 2.2), (1.8, 2.6), (2, 3.1)]
SMALL = [[64, 64], [75, 90]]

V1, V2 = applications.MobileNet, applications.MobileNetV2
encoders = [
    describe(applications.VGG16, "vgg16 {}", VGG, [[32, 32]]),
    describe(applications.ResNet50, "resnet { depth: 50, form: keras }", RESNET, SMALL),
    describe(V1, "mobilenet_v1 { form: keras }", MOBILE_V1, SMALL),
    describe(V1, "mobilenet_v1 { form: keras, alpha: 0.25 }", MOBILE_V1, SMALL, alpha=0.25),
    describe(V2, "mobilenet_v2 { form: keras }", MOBILE_V2, SMALL),
    describe(V2, "mobilenet_v2 { form: keras, alpha: 0.35 }", MOBILE_V2, SMALL, alpha=0.35),
    describe(V2, "mobilenet_v2 { form: keras, alpha: 1.4, taps_at: expansion }", EXPANSIONS, SMALL, alpha=1.4),
]
for number, (width, depth) in enumerate(SCALES):
    form = f"efficientnet {{ form: keras, width: {width}, depth: {depth}, s32_at: features }}"
    tapped = EFFICIENT if number == 0 else None
    encoders.append(describe(getattr(applications, f"EfficientNetB{number}"), form, tapped, SMALL))
print(json.dumps(dict(keras=keras.__version__, encoders=encoders)))
