"""torchvision's and timm's ResNet that dilate in place of striding: dilated-encoders.json.

What they give in float64 at the ends of their last two stages, with weights by their shape
alone, as formulas.py fills them. Run: python3 make-dilated-encoders.py > dilated-encoders.json
"""
import json

import timm
import torch
import torchvision

import formulas

SAMPLES = 16
SIZE = [64, 72]
GAIN = 0.7


def run(module, name, call):
    stages = dict(s16=module.layer3, s32=module.layer4)
    found = {}
    for tap, stage in stages.items():
        stage.register_forward_hook(lambda _module, _in, out, tap=tap: found.update({tap: out}))
    formulas.fill(module.double().eval(), GAIN)
    with torch.no_grad():
        module(torch.from_numpy(formulas.image([1, 3, *SIZE])))
    taps = {
        tap: dict(
            shape=list(x.shape), largest=float(x.abs().max()), samples=formulas.samples(x.numpy(), SAMPLES)
        )
        for tap, x in found.items()
    }
    return dict(name=name, encoder=call, size=SIZE, gain=GAIN, taps=taps)


def of_torchvision(name, replace, call):
    make = getattr(torchvision.models, name)
    return run(make(weights=None, replace_stride_with_dilation=replace), name, call)


def of_timm(name, stride, call):
    return run(timm.create_model(name, pretrained=False, output_stride=stride), name, call)


encoders = [
    of_torchvision("resnet50", [False, True, True], "resnet { depth: 50, output_stride: 8 }"),
    of_timm("resnet18", 8, "resnet { depth: 18, output_stride: 8 }"),
    of_timm("resnet18", 16, "resnet { depth: 18, output_stride: 16 }"),
]
versions = dict(torch=torch.__version__, torchvision=torchvision.__version__, timm=timm.__version__)
print(json.dumps(dict(**versions, encoders=encoders)))
