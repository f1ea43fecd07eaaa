"""The U-Net of Ronneberger, Fischer and Brox (2015), written from the paper, as numbers.

Unpadded convolutions, skips cropped about their middle (torchvision's rounding), 1 x 1
at the end, softmax over the channels. Weights and images are those of formulas.py. Puts its entry at the end of that file: python3 make-unet-2015.py
"""
import json
import math
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torchvision.transforms.functional import center_crop

import formulas

FILE = Path(__file__).with_name("networks.json")
ID = "unet_2015"
SAMPLES = 24
SIZES = [(572, 572), (556, 588), (188, 188), (204, 188), (187, 187), (172, 172), (512, 512), (64, 48)]


class UNet2015(nn.Module):
    def __init__(self, base=64, classes=2):
        super().__init__()
        widths = [base * 2**level for level in range(5)]
        self.down = nn.ModuleList(pair(a, b) for a, b in zip([1, *widths], widths))
        self.up = nn.ModuleList()
        self.merge = nn.ModuleList()
        for width in reversed(widths[:-1]):
            self.up.append(nn.ConvTranspose2d(2 * width, width, 2, 2))
            self.merge.append(pair(2 * width, width))
        self.head = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        skips = []
        for level, stage in enumerate(self.down):
            x = stage(x if level == 0 else nn.functional.max_pool2d(x, 2))
            skips.append(x)
        for up, merge, skip in zip(self.up, self.merge, reversed(skips[:-1])):
            x = up(x)
            x = merge(torch.cat([center_crop(skip, x.shape[-2:]), x], 1))
        return torch.softmax(self.head(x), 1)


def pair(a, b):
    return nn.Sequential(nn.Conv2d(a, b, 3), nn.ReLU(), nn.Conv2d(b, b, 3), nn.ReLU())


def entries(module):
    """[kind, shape, amplitude] of every weight, in the order of the forward pass."""
    stages = [*module.down]
    for up, merge in zip(module.up, module.merge):
        stages += [up, merge]
    found = []
    for stage in [*stages, module.head]:
        for value in stage.parameters():
            shape = list(value.shape)
            if len(shape) == 1:
                found.append((value, ["bias", shape, None]))
                continue
            is_transposed = isinstance(stage, nn.ConvTranspose2d)
            fan_in = shape[0] if is_transposed else np.prod(shape[1:])
            found.append((value, ["weight", shape, math.sqrt(6 / fan_in)]))
    return found


def fill(module):
    for position, (value, entry) in enumerate(entries(module)):
        value.data = torch.from_numpy(formulas.weight(position, *entry))


def run(module, shape):
    with torch.no_grad():
        mask = module.double().eval()(torch.from_numpy(formulas.image(shape)))
    samples = formulas.samples(mask.numpy(), SAMPLES)
    return dict(input=list(shape), outputs=[dict(name="mask", shape=list(mask.shape), samples=samples)])


def output(module, size):
    try:
        with torch.no_grad():
            mask = module(torch.zeros(1, 1, *size, dtype=torch.float64))
    except RuntimeError:
        return None
    return list(mask.shape[2:]) if module_fits(size) else None


def module_fits(size):
    """The paper asks for tiles whose every pool halves an even size; PyTorch would drop a row."""
    for axis in size:
        for _ in range(4):
            axis -= 4
            if axis % 2:
                return False
            axis //= 2
    return True


small = UNet2015(base=4)
fill(small)
small.double()
entry = dict(
    id=ID,
    spec="unet-2015",
    full={},
    small=dict(base="4"),
    parameters=dict(total=sum(p.numel() for p in UNet2015().parameters())),
    sizes=[dict(input=list(size), output=output(small, size)) for size in SIZES],
    runs=[run(small, shape) for shape in [(1, 1, 188, 204), (2, 1, 204, 188)]],
    weights=[listed for _, listed in entries(small)],
)
file = json.loads(FILE.read_text())
file["networks"] = [each for each in file["networks"] if each["id"] != ID] + [entry]
FILE.write_text(json.dumps(file, separators=(",", ":")) + "\n")
