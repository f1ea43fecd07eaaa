"""Networks of specs/zoo with several encoders, several decoders or U-Nets inside, in PyTorch, for make-zoo.py."""
import torch
from torch import nn
from torch.nn import functional as F

from zoo_parts import nearest


def conv(i, o, kernel=1, stride=1, groups=1):
    return nn.Conv2d(i, o, kernel, stride, groups=groups, bias=False)


def active(c):
    return nn.Sequential(nn.BatchNorm2d(c, eps=1e-5), nn.ReLU())


def cut(x, like):
    """The centre of x, at the size of another tensor."""
    top, left = ((x.shape[axis] - like.shape[axis]) // 2 for axis in (2, 3))
    return x[:, :, top : top + like.shape[2], left : left + like.shape[3]]


class PreactivatedUnit(nn.Module):
    """Kernels that stride see an even size and one row and column of zeros behind it."""

    def __init__(self, i, c, stride, starts):
        super().__init__()
        self.first = nn.Identity() if starts else active(i)
        self.one, self.two, self.three = conv(i, c), conv(c, c, 3, stride), conv(c, 4 * c)
        self.act1, self.act2 = active(c), active(c)
        self.edges = (1, 1, 1, 1) if stride == 1 else (0, 1, 0, 1)

    def forward(self, x):
        x = self.act1(self.one(self.first(x)))
        return self.three(self.act2(self.two(F.pad(x, self.edges))))


class PreactivatedGroup(nn.Module):
    def __init__(self, i, c, count, stride):
        super().__init__()
        self.short = conv(i, 4 * c, 1, stride)
        self.units = nn.ModuleList(
            PreactivatedUnit(4 * c if k else i, c, 1 if k else stride, k == 0) for k in range(count)
        )
        self.last = active(4 * c)

    def forward(self, x):
        short = self.short(x)
        for unit in self.units:
            x = short = unit(x) + short
        return self.last(x)


class DenseGroup(nn.Module):
    def __init__(self, i, c, count, base):
        super().__init__()
        self.before = conv(i, c, 5)
        self.units = nn.ModuleList()
        for k in range(count):
            wide = c + k * (base // 2)
            self.units.append(
                nn.Sequential(
                    *(active(wide), conv(wide, 2 * base), active(2 * base)),
                    conv(2 * base, base // 2, 5, groups=4),
                )
            )
        wide = c + count * (base // 2)
        self.after = nn.Sequential(active(wide), conv(wide, 2 * c))

    def forward(self, x):
        x = self.before(x)
        for unit in self.units:
            new = unit(x)
            x = torch.cat([cut(x, new), new], 1)
        return self.after(x)


class HoVerBranch(nn.Module):
    def __init__(self, base, outputs):
        super().__init__()
        self.deep = DenseGroup(16 * base, 4 * base, 8, base)
        self.middle = DenseGroup(8 * base, 2 * base, 4, base)
        self.top = nn.Conv2d(4 * base, base, 5, padding=2, bias=False)
        self.end = nn.Sequential(active(base), nn.Conv2d(base, outputs, 1))

    def forward(self, d0, d1, d2, d3):
        x = self.deep(nearest(d3) + d2)
        x = nearest(x)
        x = nearest(self.middle(x + cut(d1, x)))
        return self.end(self.top(x + cut(d0, x)))


class HoVerNet(nn.Module):
    """The original form, with types."""

    def __init__(self, types=5, base=64):
        super().__init__()
        self.stem = nn.Sequential(conv(3, base, 7), active(base))
        counts = ((base, base, 3, 1), (4 * base, 2 * base, 4, 2), (8 * base, 4 * base, 6, 2))
        self.groups = nn.ModuleList(PreactivatedGroup(*each) for each in counts)
        self.bottom = PreactivatedGroup(16 * base, 8 * base, 3, 2)
        self.narrow = conv(32 * base, 16 * base)
        self.mask, self.distances = HoVerBranch(base, 2), HoVerBranch(base, 2)
        self.classes = HoVerBranch(base, types)

    def forward(self, x):
        taps = [self.stem(x)]
        for group in self.groups:
            taps.append(group(taps[-1]))
        levels = (*taps[1:], self.narrow(self.bottom(taps[-1])))
        return dict(
            mask=self.mask(*levels).softmax(1),
            distances=self.distances(*levels),
            classes=self.classes(*levels).softmax(1),
        )


def unit(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o, eps=1e-5), nn.ReLU())


def units(*channels):
    return nn.Sequential(*(unit(i, o) for i, o in zip(channels, channels[1:])))


def vgg(i, b):
    """The five groups of VGG-16, without the pools."""
    sizes = ((i, b, b), (b, 2 * b, 2 * b), (2 * b, *(4 * b,) * 3), (4 * b, *(8 * b,) * 3), (8 * b,) * 4)
    return nn.ModuleList(units(*each) for each in sizes)


class FuseNet(nn.Module):
    """The maps of depth are added to those of colours before each pool."""

    def __init__(self, classes=37, base=64):
        super().__init__()
        b = base
        self.color, self.range = vgg(3, b), vgg(1, b)
        ups = ((8 * b,) * 4, (*(8 * b,) * 3, 4 * b), (*(4 * b,) * 3, 2 * b), (2 * b, 2 * b, b), (b, b))
        self.ups = nn.ModuleList(units(*each) for each in ups)
        self.end = nn.Conv2d(b, classes, 3, padding=1)

    def forward(self, rgb, depth):
        found = []
        for color, depths in zip(self.color, self.range):
            depth = depths(depth)
            rgb = color(rgb) + depth
            depth = F.max_pool2d(depth, 2)
            rgb, places = F.max_pool2d(rgb, 2, return_indices=True)
            found.append(places)
        for up in self.ups:
            rgb = up(F.max_unpool2d(rgb, found.pop(), 2))
        return dict(mask=self.end(rgb))


def dilated(i, o, dilation=1):
    layer = nn.Conv2d(i, o, 3, padding=dilation, dilation=dilation)
    return nn.Sequential(layer, nn.BatchNorm2d(o, eps=1e-5), nn.ReLU())


def resized(x, like):
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)


class NestedStage(nn.Module):
    """A U of so many levels with a shortcut; the lowest two are of one size."""

    def __init__(self, i, c, mid, height):
        super().__init__()
        self.first = dilated(i, c)
        self.downs = nn.ModuleList(dilated(mid if k else c, mid) for k in range(height - 1))
        self.lowest = dilated(mid, mid, 2)
        self.ups = nn.ModuleList(dilated(2 * mid, mid if k else c) for k in range(height - 1))

    def forward(self, x):
        start = x = self.first(x)
        maps = []
        for k, down in enumerate(self.downs):
            x = down(F.max_pool2d(x, 2, ceil_mode=True) if k else x)
            maps.append(x)
        x = self.lowest(x)
        for up, level in zip(reversed(self.ups), reversed(maps)):
            x = up(torch.cat([resized(x, level), level], 1))
        return x + start


class FlatStage(nn.Module):
    def __init__(self, i, c, mid):
        super().__init__()
        self.first = dilated(i, c)
        self.downs = nn.ModuleList(dilated(mid if d > 1 else c, mid, d) for d in (1, 2, 4, 8))
        self.ups = nn.ModuleList(dilated(2 * mid, o, d) for o, d in ((mid, 4), (mid, 2), (c, 1)))

    def forward(self, x):
        start = x = self.first(x)
        maps = []
        for down in self.downs:
            x = down(x)
            maps.append(x)
        for up, level in zip(self.ups, (maps[2], maps[1], maps[0])):
            x = up(torch.cat([x, level], 1))
        return x + start


class U2Net(nn.Module):
    def __init__(self, classes=1, base=16):
        super().__init__()
        b = base
        downs = ((3, 4 * b, 2 * b, 7), (4 * b, 8 * b, 2 * b, 6), (8 * b, 16 * b, 4 * b, 5), (16 * b, 32 * b, 8 * b, 4))
        ups = ((8 * b, 4 * b, b, 7), (16 * b, 4 * b, 2 * b, 6), (32 * b, 8 * b, 4 * b, 5), (64 * b, 16 * b, 8 * b, 4))
        flat = [FlatStage(i * b, 32 * b, 16 * b) for i in (32, 32, 64)]
        self.downs = nn.ModuleList([*(NestedStage(*each) for each in downs), *flat[:2]])
        self.ups = nn.ModuleList([*(NestedStage(*each) for each in ups), flat[2]])
        sides = (4 * b, 4 * b, 8 * b, 16 * b, 32 * b, 32 * b)
        self.sides = nn.ModuleList(nn.Conv2d(i, classes, 3, padding=1) for i in sides)
        self.join = nn.Conv2d(6 * classes, classes, 1)

    def forward(self, x):
        maps = []
        for k, down in enumerate(self.downs):
            x = down(F.max_pool2d(x, 2, ceil_mode=True) if k else x)
            maps.append(x)
        ends = [x]
        for up, level in zip(reversed(self.ups), reversed(maps[:-1])):
            x = up(torch.cat([resized(x, level), level], 1))
            ends.insert(0, x)
        sides = [side(end) for side, end in zip(self.sides, ends)]
        sides = [resized(side, sides[0]) for side in sides]
        outputs = dict(mask=self.join(torch.cat(sides, 1)))
        outputs.update({f"mask_s{k + 1}": side for k, side in enumerate(sides)})
        return {name: torch.sigmoid(value) for name, value in outputs.items()}
