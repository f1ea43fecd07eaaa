"""timm's encoders as numbers: timm-encoders.json.

Names and shapes of the weights of whole models, those of the classifier and the counters of
batches apart, and forward values at every resolution, in float64, of the weights and images
of formulas.py. Run: python3 make-timm-encoders.py > timm-encoders.json
"""
import json
import math

import numpy as np
import timm
import torch

import formulas

SAMPLES = 12
SIZES = [[64, 64], [75, 90]]


def is_rest(name):
    """What a whole file has beside the encoder."""
    return name.endswith("num_batches_tracked") or name.startswith("classifier.")


def entries(module):
    """[name, kind, shape, gain] of every weight of the features, in order."""
    modules = dict(module.named_modules())
    found = []
    for name, value in module.state_dict().items():
        if is_rest(name):
            continue
        owner, leaf = name.rsplit(".", 1)
        shape = list(value.shape)
        if isinstance(modules[owner], torch.nn.BatchNorm2d):
            kind = dict(weight="gamma", bias="beta", running_mean="mean", running_var="var")[leaf]
            found.append([name, kind, shape, None])
        elif leaf == "bias":
            found.append([name, "bias", shape, None])
        else:
            found.append([name, "weight", shape, math.sqrt(6 / np.prod(shape[1:]))])
    return found


def taps_of(module, x, tapped):
    """The outputs of the stem, of stages by their number and of the head, by the names of taps."""
    found = {}

    def keep(place, value):
        if place in tapped:
            found[tapped[place]] = value
        return value

    x = keep("stem", module.bn1(module.conv_stem(x)))
    for at, stage in enumerate(module.blocks):
        x = keep(at, stage(x))
    if "head" in tapped:
        keep("head", module.bn2(module.conv_head(x)))
    return found


def run(module, tapped, size):
    image = torch.from_numpy(formulas.image([1, 3, *size]))
    with torch.no_grad():
        taps = taps_of(module, image, tapped)
    return dict(
        size=size,
        taps={
            tap: dict(
                shape=list(x.shape),
                largest=float(x.abs().max()),
                samples=formulas.samples(x.numpy(), SAMPLES),
            )
            for tap, x in taps.items()
        },
    )


def describe(name, call, tapped):
    module = timm.create_model(name, pretrained=False).double().eval()
    listed = entries(module)
    state = module.state_dict()
    for position, (key, *entry) in enumerate(listed):
        state[key].copy_(torch.from_numpy(formulas.weight(position, *entry)))
    module.load_state_dict(state)
    return dict(
        name=name,
        encoder=call,
        features=sum(int(np.prod(e[2])) for e in listed if e[1] not in ("mean", "var")),
        weights=listed,
        rest=[[key, list(value.shape)] for key, value in state.items() if is_rest(key)],
        runs=[run(module, tapped, size) for size in SIZES],
    )


encoders = [
    describe("mobilenetv1_100", "mobilenet_v1 {}", {0: "s2", 1: "s4", 2: "s8", 3: "s16", 4: "s32"}),
    describe("mobilenetv1_125", "mobilenet_v1 { alpha: 1.25 }", {0: "s2", 4: "s32"}),
    describe("mobilenetv2_100", "mobilenet_v2 {}", {0: "s2", 1: "s4", 2: "s8", 4: "s16", "head": "s32"}),
    describe(
        "efficientnet_b0",
        "efficientnet { s32_at: features }",
        {"stem": "s2", 1: "s4", 2: "s8", 4: "s16", "head": "s32"},
    ),
]
print(json.dumps(dict(torch=torch.__version__, timm=timm.__version__, encoders=encoders)))
