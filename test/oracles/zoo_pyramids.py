"""Networks of specs/zoo that join maps of several sizes in pyramids, in PyTorch, for make-zoo.py."""
import torch
from torch import nn
from torch.nn import functional as F

from zoo_parts import Pyramid, ResNet, bilinear, nearest, separable, unit


class LinkNet(nn.Module):
    def __init__(self, classes=1, depth=34, base=64):
        super().__init__()
        self.encoder = ResNet(depth, base)
        i, self.ups = self.encoder.widths[-1], nn.ModuleList()
        for o in [*self.encoder.widths[-2::-1], 32]:
            transposed = nn.ConvTranspose2d(i // 4, i // 4, 4, 2, 1)
            middle = nn.Sequential(transposed, nn.BatchNorm2d(i // 4), nn.ReLU())
            self.ups.append(nn.Sequential(unit(i, i // 4, 1), middle, unit(i // 4, o, 1)))
            i = o
        self.head = nn.Conv2d(32, classes, 1)

    def forward(self, x):
        *skips, x = self.encoder(x)
        for up in self.ups:
            x = up(x)
            x = x + skips.pop() if skips else x
        return dict(mask=self.head(x))


class FPN(nn.Module):
    def __init__(self, classes=1, depth=34, base=64, pyramid=256, width=128):
        super().__init__()
        self.encoder = ResNet(depth, base)
        self.sides = nn.ModuleList(nn.Conv2d(i, pyramid, 1) for i in self.encoder.widths[1:])
        grouped = lambda i: nn.Sequential(nn.Conv2d(i, width, 3, 1, 1, bias=False), nn.GroupNorm(32, width), nn.ReLU())
        counts = [1, 1, 2, 3]
        self.chains = nn.ModuleList(
            nn.ModuleList(grouped(pyramid if at == 0 else width) for at in range(n)) for n in counts
        )
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        levels = [side(tap) for side, tap in zip(self.sides, self.encoder(x)[1:])]
        for at in (2, 1, 0):
            levels[at] = levels[at] + nearest(levels[at + 1])
        total = 0
        for at, (x, chain) in enumerate(zip(levels, self.chains)):
            for part in chain:
                x = part(x)
                x = bilinear(x, 2, True) if at > 0 else x
            total = total + x
        return dict(mask=bilinear(self.head(total), 4, True))


class PSPNet(nn.Module):
    def __init__(self, classes=1, depth=34, base=64, width=512):
        super().__init__()
        self.encoder = ResNet(depth, base, stages=2)
        i = self.encoder.widths[-1]
        self.one = nn.Sequential(nn.Conv2d(i, i // 4, 1), nn.ReLU())
        self.more = nn.ModuleList(unit(i, i // 4, 1) for _ in (2, 3, 6))
        self.join = unit(2 * i, width, 1)
        self.head = nn.Conv2d(width, classes, 3, padding=1)

    def forward(self, x):
        x = self.encoder(x)[-1]
        means = []
        for bins, part in zip((1, 2, 3, 6), (self.one, *self.more)):
            y = part(F.adaptive_avg_pool2d(x, bins))
            means.append(F.interpolate(y, size=x.shape[2:], mode="bilinear", align_corners=True))
        x = self.head(self.join(torch.cat([*means, x], 1)))
        return dict(mask=bilinear(x, 8, True))


class DeepLabV3(nn.Module):
    def __init__(self, classes=21, depth=50, base=64, width=256):
        super().__init__()
        self.encoder = ResNet(depth, base, output_stride=8)
        *_, third, last = self.encoder.widths
        self.pyramid = Pyramid(last, width, 12, False)
        self.head = nn.Sequential(unit(width, width), nn.Conv2d(width, classes, 1))
        self.third = nn.Sequential(unit(third, third // 4), nn.Conv2d(third // 4, classes, 1))

    def forward(self, x):
        *_, third, last = self.encoder(x)
        mask = self.head(self.pyramid(last))
        return dict(mask=bilinear(mask, 8), third=bilinear(self.third(third), 8))


class DeepLabV3Plus(nn.Module):
    def __init__(self, classes=1, depth=34, base=64, width=256, details=48):
        super().__init__()
        self.encoder = ResNet(depth, base, output_stride=16, dilate_first=True)
        widths = self.encoder.widths
        self.pyramid = nn.Sequential(Pyramid(widths[-1], width, 12, True), separable(width, width))
        self.low = unit(widths[1], details, 1)
        self.join = separable(width + details, width)
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        taps = self.encoder(x)
        x = bilinear(self.pyramid(taps[-1]), 4, True)
        x = self.join(torch.cat([x, self.low(taps[1])], 1))
        return dict(mask=bilinear(self.head(x), 4, True))


class UPerNet(nn.Module):
    def __init__(self, classes=1, depth=34, base=64, width=256):
        super().__init__()
        self.encoder = ResNet(depth, base)
        widths = self.encoder.widths[1:]
        self.norms = nn.ModuleList(nn.LayerNorm(c, eps=1e-6) for c in widths)
        self.bins = nn.ModuleList(unit(widths[-1], width, 1) for _ in (1, 2, 3, 6))
        self.lowest = unit(widths[-1] + 4 * width, width)
        self.sides = nn.ModuleList(unit(c, width, 1) for c in widths[:-1])
        self.lasts = nn.ModuleList(unit(width, width) for _ in widths[:-1])
        self.join, self.head = unit(4 * width, width), nn.Conv2d(width, classes, 1)

    def forward(self, x):
        taps = self.encoder(x)[1:]
        taps = [norm(tap.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) for norm, tap in zip(self.norms, taps)]
        resized = lambda x, to: F.interpolate(x, size=to.shape[2:], mode="bilinear")
        low = taps[-1]
        means = [part(F.adaptive_avg_pool2d(low, bins)) for bins, part in zip((1, 2, 3, 6), self.bins)]
        levels = [self.lowest(torch.cat([low, *(resized(mean, low) for mean in means)], 1))]
        for side, tap in reversed(list(zip(self.sides, taps))):
            x = side(tap)
            levels.insert(0, x + resized(levels[0], x))
        levels = [*(last(level) for last, level in zip(self.lasts, levels)), levels[-1]]
        x = self.join(torch.cat([levels[0], *(resized(level, levels[0]) for level in levels[1:])], 1))
        return dict(mask=bilinear(self.head(x), 4, True))
