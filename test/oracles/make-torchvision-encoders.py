"""torchvision's encoders as numbers: torchvision-encoders.json.

Names and shapes of the weights without the classifier, and forward values at every
resolution, in float64, of the weights and images of formulas.py; counters of
batches are left out. Run: python3 make-torchvision-encoders.py > torchvision-encoders.json
"""
import json
import math

import numpy as np
import torch
import torchvision

import formulas

SAMPLES = 12


def entries(module):
    """[name, kind, shape, gain] of every weight of the features, in order."""
    modules = dict(module.named_modules())
    found = []
    for name, value in module.state_dict().items():
        if name.endswith("num_batches_tracked") or name.split(".")[0] in ("fc", "classifier"):
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


def resnet_taps(module, x):
    s2 = module.relu(module.bn1(module.conv1(x)))
    s4 = module.layer1(module.maxpool(s2))
    s8 = module.layer2(s4)
    s16 = module.layer3(s8)
    return dict(s2=s2, s4=s4, s8=s8, s16=s16, s32=module.layer4(s16))


def feature_taps(ends):
    """The outputs of `features` at these indices."""

    def taps(module, x):
        found = {}
        for at, layer in enumerate(module.features):
            x = layer(x)
            if at in ends:
                found[ends[at]] = x
        return found

    return taps


def describe(name, call, tapped, sizes):
    torch.manual_seed(0)
    make = getattr(torchvision.models, name)
    module = make(weights=None).double().eval()
    listed = entries(module)
    features = sum(int(np.prod(e[2])) for e in listed if e[1] not in ("mean", "var"))
    described = dict(name=name, encoder=call, features=features)
    if tapped is None:
        described["last"] = [e[0] for e in listed[-4:]]
        described["count"] = len(listed)
        return described
    state = module.state_dict()
    for position, (key, *entry) in enumerate(listed):
        state[key].copy_(torch.from_numpy(formulas.weight(position, *entry)))
    module.load_state_dict(state)
    described["weights"] = listed
    described["runs"] = [run(module, tapped, size) for size in sizes]
    return described


def run(module, tapped, size):
    image = torch.from_numpy(formulas.image([1, 3, *size]))
    with torch.no_grad():
        taps = tapped(module, image)
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


VGG_NORM = {5: "s1", 12: "s2", 22: "s4", 32: "s8", 42: "s16"}
MOBILE = {1: "s2", 3: "s4", 6: "s8", 13: "s16", 18: "s32"}
EFFICIENT = {0: "s2", 2: "s4", 3: "s8", 5: "s16", 8: "s32"}
SCALES = [(1, 1), (1, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8), (1.6, 2.2), (1.8, 2.6), (2, 3.1)]

SMALL = [[64, 64], [75, 90]]

encoders = [
    describe("resnet18", "resnet { depth: 18 }", resnet_taps, SMALL),
    describe("resnet34", "resnet { depth: 34 }", None, SMALL),
    describe("resnet50", "resnet { depth: 50 }", resnet_taps, SMALL),
    describe("vgg16", "vgg16 {}", None, [[32, 32]]),
    describe("vgg16_bn", "vgg16 { norm: true }", feature_taps(VGG_NORM), [[32, 32]]),
    describe("mobilenet_v2", "mobilenet_v2 {}", feature_taps(MOBILE), SMALL),
]
for number, (width, depth) in enumerate(SCALES):
    form = f"efficientnet {{ width: {width}, depth: {depth}, s32_at: features }}"
    tapped = feature_taps(EFFICIENT) if number == 0 else None
    encoders.append(describe(f"efficientnet_b{number}", form, tapped, SMALL))
print(json.dumps(dict(torch=torch.__version__, torchvision=torchvision.__version__, encoders=encoders)))
