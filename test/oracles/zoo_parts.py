"""What several networks of the zoo are made of."""
import torch
from torch import nn
from torch.nn import functional as F


def unit(i, o, kernel=3, stride=1, dilation=1, bias=False):
    """Convolution, normalisation, activation."""
    padding = dilation * (kernel // 2)
    conv = nn.Conv2d(i, o, kernel, stride, padding, dilation, bias=bias)
    return nn.Sequential(conv, nn.BatchNorm2d(o), nn.ReLU())


def separable(i, o, dilation=1):
    depthwise = nn.Conv2d(i, i, 3, 1, dilation, dilation, groups=i, bias=False)
    return nn.Sequential(depthwise, nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU())


def bilinear(x, factor, corners=False):
    return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=corners)


def nearest(x, factor=2):
    return F.interpolate(x, scale_factor=factor, mode="nearest")


class Residual(nn.Module):
    """He et al. 2015: two convolutions of size 3, or one between two of size 1."""

    def __init__(self, i, c, stride, entry, dilation, deep):
        super().__init__()
        o = 4 * c if deep else c
        three = lambda i, stride, d: nn.Conv2d(i, c, 3, stride, d, d, bias=False)
        if deep:
            convs = [nn.Conv2d(i, c, 1, bias=False), three(c, stride, entry), nn.Conv2d(c, o, 1, bias=False)]
        else:
            convs = [three(i, stride, entry), three(c, 1, dilation)]
        self.convs = nn.ModuleList(convs)
        self.norms = nn.ModuleList(nn.BatchNorm2d(conv.out_channels) for conv in convs)
        self.short = nn.Identity()
        if stride != 1 or i != o:
            self.short = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        h = x
        for at, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            h = norm(conv(F.relu(h) if at > 0 else h))
        return F.relu(h + self.short(x))


BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}


class ResNet(nn.Module):
    """The stem and the ends of the four stages; the last stages may dilate in place of striding."""

    def __init__(self, depth, base, channels=3, output_stride=32, dilate_first=False, stages=4):
        super().__init__()
        self.stem = unit(channels, base, 7, 2)
        self.widths = [base]
        blocks, i, deep = [], base, depth >= 50
        for stage in range(stages):
            scale, c = 4 * 2**stage, base * 2**stage
            dilation = max(1, scale // output_stride)
            entry = dilation if dilate_first else max(1, scale // 2 // output_stride)
            stride = 2 if 4 < scale <= output_stride else 1
            made = []
            for at in range(BLOCKS[depth][stage]):
                made.append(Residual(i, c, stride if at == 0 else 1, entry if at == 0 else dilation, dilation, deep))
                i = 4 * c if deep else c
            blocks.append(nn.Sequential(*made))
            self.widths.append(i)
        self.stages = nn.ModuleList(blocks)

    def forward(self, x):
        taps = [self.stem(x)]
        x = F.max_pool2d(taps[0], 3, 2, 1)
        for stage in self.stages:
            x = stage(x)
            taps.append(x)
        return taps


class Pyramid(nn.Module):
    """Atrous spatial pyramid pooling (Chen et al. 2017)."""

    def __init__(self, i, c, rate, separated):
        super().__init__()
        part = (lambda d: separable(i, c, d)) if separated else (lambda d: unit(i, c, dilation=d))
        self.parts = nn.ModuleList([unit(i, c, 1), part(rate), part(2 * rate), part(3 * rate)])
        self.mean = unit(i, c, 1)
        self.join = unit(5 * c, c, 1)

    def forward(self, x):
        mean = self.mean(x.mean((2, 3), keepdim=True)).expand(-1, -1, *x.shape[2:])
        return self.join(torch.cat([*(part(x) for part in self.parts), mean], 1))
