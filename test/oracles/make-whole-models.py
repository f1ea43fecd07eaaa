"""Whole networks with the modules of public repositories as numbers: whole-models.json.

The modules have the names and the arithmetic of github.com/milesial/Pytorch-UNet and of
segmentation_models.pytorch, written anew at small widths. Names and shapes of their weights,
and what they make of an image, in float64, with the weights and images of formulas.py.
Run: python3 make-whole-models.py > whole-models.json
"""
import json
import math
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import formulas

SAMPLES = 24


class Named(nn.Module):
    """A module of the modules given."""

    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            self.add_module(name, module)


def double_conv(i, o, mid=None, bias=False):
    mid = mid or o
    conv = lambda a, b: [nn.Conv2d(a, b, 3, padding=1, bias=bias), nn.BatchNorm2d(b), nn.ReLU()]
    return Named(double_conv=nn.Sequential(*conv(i, mid), *conv(mid, o)))


def pass_double(module, x):
    return module.double_conv(x)


class Milesial(nn.Module):
    def __init__(self, base, bilinear, bias=False):
        super().__init__()
        w = [base * 2**k for k in range(5)]
        half = 2 if bilinear else 1
        self.bilinear = bilinear
        self.inc = double_conv(3, w[0], bias=bias)
        for k in range(1, 5):
            o = w[k] // half if k == 4 else w[k]
            down = nn.Sequential(nn.MaxPool2d(2), double_conv(w[k - 1], o, bias=bias))
            self.add_module(f"down{k}", Named(maxpool_conv=down))
        for k in range(1, 5):
            i, o = w[5 - k], w[4 - k]
            if bilinear:
                o = o // 2 if k < 4 else o
                self.add_module(f"up{k}", Named(conv=double_conv(i, o, i // 2)))
            else:
                up = nn.ConvTranspose2d(i, i // 2, 2, stride=2)
                self.add_module(f"up{k}", Named(up=up, conv=double_conv(i, o, bias=bias)))
        self.outc = Named(conv=nn.Conv2d(w[0], 1, 1))

    def forward(self, x):
        skips = [pass_double(self.inc, x)]
        for k in range(1, 5):
            pool, double = getattr(self, f"down{k}").maxpool_conv
            skips.append(pass_double(double, pool(skips[-1])))
        x = skips.pop()
        for k in range(1, 5):
            up, skip = getattr(self, f"up{k}"), skips.pop()
            if self.bilinear:
                x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)
            else:
                x = up.up(x)
            dy, dx = skip.shape[2] - x.shape[2], skip.shape[3] - x.shape[3]
            x = F.pad(x, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
            x = pass_double(up.conv, torch.cat([skip, x], 1))
        return torch.sigmoid(self.outc.conv(x))


class Basic(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        if stride > 1 or i != o:
            self.downsample = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet34(nn.Module):
    def __init__(self, base):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, base, 7, 2, 3, bias=False), nn.BatchNorm2d(base)
        i = base
        for number, count in enumerate([3, 4, 6, 3]):
            o = base * 2**number
            strides = [1 if number == 0 else 2] + [1] * (count - 1)
            blocks = [Basic(i if k == 0 else o, o, stride) for k, stride in enumerate(strides)]
            self.add_module(f"layer{number + 1}", nn.Sequential(*blocks))
            i = o

    def forward(self, x):
        taps = [F.relu(self.bn1(self.conv1(x)))]
        x = F.max_pool2d(taps[0], 3, 2, 1)
        for number in range(1, 5):
            x = getattr(self, f"layer{number}")(x)
            taps.append(x)
        return taps


def smp_block(i, o):
    conv = lambda a: nn.Sequential(nn.Conv2d(a, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU())
    return Named(conv1=conv(i), conv2=conv(o))


def pass_block(block, x, *skips):
    x = torch.cat([F.interpolate(x, scale_factor=2, mode="nearest"), *skips], 1)
    return block.conv2(block.conv1(x))


WIDTHS = [256, 128, 64, 32, 16]


class SmpUnet(nn.Module):
    def __init__(self, encoder, widths):
        """An encoder, and the channels of its taps from the first."""
        super().__init__()
        self.encoder = encoder
        below = [widths[-1], *WIDTHS[:-1]]
        skips = [*widths[-2::-1], 0]
        blocks = [smp_block(i + s, o) for i, s, o in zip(below, skips, WIDTHS)]
        self.decoder = Named(blocks=nn.ModuleList(blocks))
        self.segmentation_head = nn.Sequential(nn.Conv2d(16, 1, 3, padding=1))

    def forward(self, x):
        *skips, x = self.encoder(x)
        for block in self.decoder.blocks:
            x = pass_block(block, x, *([skips.pop()] if skips else []))
        return self.segmentation_head(x)


class SmpUnetPlusPlus(nn.Module):
    def __init__(self, base):
        super().__init__()
        self.encoder = ResNet34(base)
        below = [base * 8, *WIDTHS[:-1]]
        skips = [base * 4, base * 2, base, base]
        blocks = {}
        for layer in range(4):
            for depth in range(layer + 1):
                i = below[layer] if depth == 0 else skips[layer - 1]
                o = WIDTHS[layer] if depth == 0 else skips[layer]
                blocks[f"x_{depth}_{layer}"] = smp_block(i + skips[layer] * (layer + 1 - depth), o)
        blocks["x_0_4"] = smp_block(below[4], WIDTHS[4])
        self.decoder = Named(blocks=nn.ModuleDict(blocks))
        self.segmentation_head = nn.Sequential(nn.Conv2d(16, 1, 3, padding=1))

    def forward(self, x):
        features = self.encoder(x)[::-1]
        blocks = self.decoder.blocks
        made = {}
        for far in range(4):
            for depth in range(4 - far):
                layer = depth + far
                x = features[depth] if far == 0 else made[depth, layer - 1]
                dense = [made[index, layer] for index in range(depth + 1, layer + 1)]
                made[depth, layer] = pass_block(blocks[f"x_{depth}_{layer}"], x, *dense, features[layer + 1])
        return self.segmentation_head(pass_block(blocks["x_0_4"], made[0, 3]))


def same(x, kernel, stride):
    """Padding as TensorFlow has it: the odd pixel below and right."""
    pads = []
    for side in reversed(x.shape[2:]):
        total = max((math.ceil(side / stride) - 1) * stride + kernel - side, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads)


def keras_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3)


class MBConv(nn.Module):
    """Inverted residual with squeeze and excitation, with segmentation_models' names."""

    def __init__(self, i, o, kernel, stride, factor):
        super().__init__()
        wide = i * factor
        self.stride, self.adds = stride, stride == 1 and i == o
        if factor != 1:
            self._expand_conv, self._bn0 = nn.Conv2d(i, wide, 1, bias=False), keras_norm(wide)
        self._depthwise_conv = nn.Conv2d(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1 = keras_norm(wide)
        squeezed = max(1, i // 4)
        self._se_reduce, self._se_expand = nn.Conv2d(wide, squeezed, 1), nn.Conv2d(squeezed, wide, 1)
        self._project_conv, self._bn2 = nn.Conv2d(wide, o, 1, bias=False), keras_norm(o)

    def forward(self, x):
        y = F.silu(self._bn0(self._expand_conv(x))) if hasattr(self, "_bn0") else x
        padded = same(y, self._depthwise_conv.kernel_size[0], self.stride)
        y = F.silu(self._bn1(self._depthwise_conv(padded)))
        gate = self._se_expand(F.silu(self._se_reduce(y.mean((2, 3), keepdim=True))))
        y = self._bn2(self._project_conv(torch.sigmoid(gate) * y))
        return x + y if self.adds else y


class EfficientNetB0(nn.Module):
    def __init__(self, base):
        super().__init__()
        divisor = min(base, 8)

        def rounded(c):
            exact = c * base / 32
            near = max(divisor, int(exact + divisor / 2) // divisor * divisor)
            return near + divisor if near < 0.9 * exact else near

        i = rounded(32)
        self._conv_stem, self._bn0 = nn.Conv2d(3, i, 3, 2, bias=False), keras_norm(i)
        blocks = []
        stages = [
            (1, 16, 1, 1, 3),
            (6, 24, 2, 2, 3),
            (6, 40, 2, 2, 5),
            (6, 80, 3, 2, 3),
            (6, 112, 3, 1, 5),
            (6, 192, 4, 2, 5),
            (6, 320, 1, 1, 3),
        ]
        for factor, c, count, stride, kernel in stages:
            for k in range(count):
                blocks.append(MBConv(i, rounded(c), kernel, stride if k == 0 else 1, factor))
                i = rounded(c)
        self._blocks = nn.ModuleList(blocks)
        # What follows the last tap is in the files, and is not read.
        self._conv_head = nn.Conv2d(i, rounded(1280), 1, bias=False)
        self._bn1 = keras_norm(rounded(1280))
        self.widths = [rounded(c) for c in (32, 24, 40, 112, 320)]

    def forward(self, x):
        x = F.silu(self._bn0(self._conv_stem(same(x, 3, 2))))
        taps = [x]
        for number, block in enumerate(self._blocks):
            x = block(x)
            if number in (2, 4, 8, 15):
                taps.append(x)
        return taps


def entries(module):
    """[name, kind, shape, gain] of every weight, in order."""
    modules = dict(module.named_modules())
    found = []
    for name, value in module.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        owner, leaf = name.rsplit(".", 1)
        shape = list(value.shape)
        if isinstance(modules[owner], nn.BatchNorm2d):
            kind = dict(weight="gamma", bias="beta", running_mean="mean", running_var="var")[leaf]
            found.append([name, kind, shape, None])
        elif leaf == "bias":
            found.append([name, "bias", shape, None])
        else:
            found.append([name, "weight", shape, math.sqrt(6 / np.prod(shape[1:]))])
    return found


def describe(name, spec, base, module, sizes, **settings):
    module = module.double().eval()
    listed = entries(module)
    state = module.state_dict()
    for position, (key, *entry) in enumerate(listed):
        state[key].copy_(torch.from_numpy(formulas.weight(position, *entry)))
    if len(sys.argv) > 1:
        torch.save({key: value.float() for key, value in state.items()}, f"{sys.argv[1]}/{name}.pth")
    runs = []
    for size in sizes:
        with torch.no_grad():
            y = module(torch.from_numpy(formulas.image([1, 3, *size])))
        samples = formulas.samples(y.numpy(), SAMPLES)
        runs.append(dict(size=size, shape=list(y.shape), largest=float(y.abs().max()), samples=samples))
    settings = dict(base=str(base), **settings)
    return dict(name=name, spec=spec, set=settings, weights=listed, runs=runs)


def over_efficientnet(base):
    encoder = EfficientNetB0(base)
    return SmpUnet(encoder, encoder.widths)


models = [
    describe("milesial", "specs/unet-padded", 2, Milesial(2, False), [[32, 48], [37, 50]]),
    describe("milesial-bias", "specs/unet-padded", 2, Milesial(2, False, True), [[32, 48]], bias="true"),
    describe("milesial-bilinear", "specs/unet-bilinear", 4, Milesial(4, True), [[32, 48], [37, 50]]),
    describe("smp-unet", "specs/unet-resnet", 4, SmpUnet(ResNet34(4), [4, 4, 8, 16, 32]), [[64, 96]]),
    describe("smp-unet-efficientnet", "test/std/specs/unet-efficientnet", 4, over_efficientnet(4), [[64, 96]]),
    describe("smp-unet-plus-plus", "specs/unet-plus-plus-resnet", 4, SmpUnetPlusPlus(4), [[64, 96]]),
]
print(json.dumps(dict(torch=torch.__version__, models=models)))
