"""ENet and MultiResUNet of specs/zoo in PyTorch, for make-zoo.py."""
import torch
from torch import nn
from torch.nn import functional as F

from zoo_unets import keras_norm


class MultiRes(nn.Module):
    """Three convolutions in a row, joined; normalisations of convolutions only shift."""

    def __init__(self, i, u):
        super().__init__()
        widths = [int(1.67 * u * share) for share in (0.167, 0.333, 0.5)]
        self.width = sum(widths)
        self.short = shifted_unit(i, self.width, 1)
        self.convs = nn.ModuleList(shifted_unit(a, b, 3) for a, b in zip([i, *widths], widths))
        self.joined, self.last = keras_norm(self.width), keras_norm(self.width)

    def forward(self, x):
        parts, y = [], x
        for conv in self.convs:
            y = F.relu(conv(y))
            parts.append(y)
        return self.last(F.relu(self.short(x) + self.joined(torch.cat(parts, 1))))


class UnscaledNorm(nn.BatchNorm2d):
    def __init__(self, c):
        super().__init__(c, eps=1e-3)
        self.weight = None
        self.register_parameter("bias", nn.Parameter(torch.zeros(c)))


def shifted_unit(i, o, kernel):
    return nn.Sequential(nn.Conv2d(i, o, kernel, padding=kernel // 2, bias=False), UnscaledNorm(o))


class ResidualPath(nn.Module):
    def __init__(self, i, c, n):
        super().__init__()
        self.shorts = nn.ModuleList(shifted_unit(i if at == 0 else c, c, 1) for at in range(n))
        self.convs = nn.ModuleList(shifted_unit(i if at == 0 else c, c, 3) for at in range(n))
        self.norms = nn.ModuleList(keras_norm(c) for _ in range(n))

    def forward(self, x):
        for short, conv, norm in zip(self.shorts, self.convs, self.norms):
            x = norm(F.relu(short(x) + F.relu(conv(x))))
        return x


class MultiResUNet(nn.Module):
    def __init__(self, base=32):
        super().__init__()
        self.downs, self.paths, i = nn.ModuleList(), nn.ModuleList(), 3
        for level in range(5):
            c = base * 2**level
            self.downs.append(MultiRes(i, c))
            i = self.downs[-1].width
            if level < 4:
                self.paths.append(ResidualPath(i, c, 4 - level))
        self.ups, self.joins = nn.ModuleList(), nn.ModuleList()
        for level in (3, 2, 1, 0):
            c = base * 2**level
            self.ups.append(nn.ConvTranspose2d(i, c, 2, 2))
            self.joins.append(MultiRes(2 * c, c))
            i = self.joins[-1].width
        self.head = shifted_unit(i, 1, 1)

    def forward(self, x):
        skips = []
        for level, down in enumerate(self.downs):
            x = down(F.max_pool2d(x, 2) if level > 0 else x)
            if level < 4:
                skips.append(self.paths[level](x))
        for up, join in zip(self.ups, self.joins):
            x = join(torch.cat([up(x), skips.pop()], 1))
        return dict(mask=torch.sigmoid(self.head(x)))


class Bottleneck(nn.Module):
    """ENet's: `middle` stands between two convolutions of size 1."""

    def __init__(self, c, middle, act):
        super().__init__()
        inner = c // 4
        self.body = nn.Sequential(
            nn.Conv2d(c, inner, 1, bias=False), nn.BatchNorm2d(inner), act(inner),
            *middle(inner), nn.BatchNorm2d(inner), act(inner),
            nn.Conv2d(inner, c, 1, bias=False), nn.BatchNorm2d(c),
        )
        self.act = act(c)

    def forward(self, x):
        return self.act(x + self.body(x))


class Shrink(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        inner = i // 4
        self.body = nn.Sequential(
            nn.Conv2d(i, inner, 2, 2, bias=False), nn.BatchNorm2d(inner), nn.PReLU(inner),
            nn.Conv2d(inner, inner, 3, padding=1, bias=False), nn.BatchNorm2d(inner), nn.PReLU(inner),
            nn.Conv2d(inner, o, 1, bias=False), nn.BatchNorm2d(o),
        )
        self.act, self.zeros = nn.PReLU(o), o - i

    def forward(self, x):
        pooled, places = F.max_pool2d(x, 2, return_indices=True)
        return self.act(F.pad(pooled, (0, 0, 0, 0, 0, self.zeros)) + self.body(x)), places


class Enlarge(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        inner = i // 4
        self.body = nn.Sequential(
            nn.Conv2d(i, inner, 1, bias=False), nn.BatchNorm2d(inner), nn.ReLU(),
            nn.ConvTranspose2d(inner, inner, 2, 2, bias=False), nn.BatchNorm2d(inner), nn.ReLU(),
            nn.Conv2d(inner, o, 1, bias=False), nn.BatchNorm2d(o),
        )
        self.main = nn.Sequential(nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o))

    def forward(self, x, places):
        return F.relu(F.max_unpool2d(self.main(x), places, 2) + self.body(x))


class ENet(nn.Module):
    def __init__(self, classes=12, base=16):
        super().__init__()
        a, b, c = base, 4 * base, 8 * base
        slope = lambda channels: nn.PReLU(channels)
        square = lambda d: lambda n: [nn.Conv2d(n, n, 3, padding=d, dilation=d, bias=False)]
        factored = lambda n: [
            nn.Conv2d(n, n, (5, 1), padding=(2, 0), bias=False), nn.BatchNorm2d(n), nn.PReLU(n),
            nn.Conv2d(n, n, (1, 5), padding=(0, 2), bias=False),
        ]
        middles = [square(1), square(2), factored, square(4), square(1), square(8), factored, square(16)]
        series = lambda: [Bottleneck(c, middle, slope) for middle in middles]
        plain = lambda n, act: Bottleneck(n, square(1), act)
        relu = lambda channels: nn.ReLU()
        self.first = nn.Conv2d(3, a - 3, 3, 2, 1, bias=False)
        self.first_act = nn.Sequential(nn.BatchNorm2d(a), nn.PReLU(a))
        self.shrink1, self.stage1 = Shrink(a, b), nn.Sequential(*(plain(b, slope) for _ in range(4)))
        self.shrink2, self.stages = Shrink(b, c), nn.Sequential(*series(), *series())
        self.enlarge2, self.stage4 = Enlarge(c, b), nn.Sequential(plain(b, relu), plain(b, relu))
        self.enlarge1, self.stage5 = Enlarge(b, a), plain(a, relu)
        self.head = nn.ConvTranspose2d(a, classes, 3, 2, 1, 1, bias=False)

    def forward(self, x):
        x = self.first_act(torch.cat([self.first(x), F.max_pool2d(x, 3, 2, 1)], 1))
        x, places1 = self.shrink1(x)
        x, places2 = self.shrink2(self.stage1(x))
        x = self.stage4(self.enlarge2(self.stages(x), places2))
        return dict(mask=self.head(self.stage5(self.enlarge1(x, places1))))
