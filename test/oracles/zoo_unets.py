"""Networks of specs/zoo that go down and up, in PyTorch, for make-zoo.py."""
import torch
from torch import nn
from torch.nn import functional as F

from zoo_parts import ResNet, nearest, unit


def instance_unit(i, o, stride=1, active=True):
    parts = [nn.Conv2d(i, o, 3, stride, 1), nn.InstanceNorm2d(o, affine=True)]
    return nn.Sequential(*parts, *([nn.LeakyReLU(0.01)] if active else []))


class InstanceResidual(nn.Module):
    """The shortcut takes means where the block strides, then a convolution where channels change."""

    def __init__(self, i, o, stride):
        super().__init__()
        self.body = nn.Sequential(instance_unit(i, o, stride), instance_unit(o, o, active=False))
        project = [nn.Conv2d(i, o, 1, bias=False), nn.InstanceNorm2d(o, affine=True)] if i != o else []
        self.short = nn.Sequential(nn.AvgPool2d(stride), *project)

    def forward(self, x):
        return F.leaky_relu(self.body(x) + self.short(x), 0.01)


class NnUNet(nn.Module):
    """Seven levels; `blocks` counts the residual blocks of each, or is None for two convolutions."""

    def __init__(self, classes=2, base=32, blocks=None):
        super().__init__()
        widths = [base * factor for factor in (1, 2, 4, 8, 16, 16, 16)]
        self.downs, i = nn.ModuleList(), 1
        for level, o in enumerate(widths):
            stride, parts = (2 if level > 0 else 1), []
            if blocks is None:
                parts = [instance_unit(i, o, stride), instance_unit(o, o)]
            else:
                if level == 0:
                    parts, i = [instance_unit(i, o)], o
                for at in range(blocks[level]):
                    parts.append(InstanceResidual(i if at == 0 else o, o, stride if at == 0 else 1))
            self.downs.append(nn.Sequential(*parts))
            i = o
        self.ups, self.joins, self.heads = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for below, o in zip(widths[:0:-1], widths[-2::-1]):
            self.ups.append(nn.ConvTranspose2d(below, o, 2, 2))
            more = [instance_unit(o, o)] if blocks is None else []
            self.joins.append(nn.Sequential(instance_unit(2 * o, o), *more))
            self.heads.append(nn.Conv2d(o, classes, 1))

    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        skips.pop()
        for up, join in zip(self.ups, self.joins):
            x = join(torch.cat([up(x), skips.pop()], 1))
        return dict(mask=self.heads[-1](x))


class ResidualNnUNet(NnUNet):
    def __init__(self, classes=2, base=32):
        super().__init__(classes, base, (1, 3, 4, 6, 6, 6, 6))


class VNet(nn.Module):
    """Milletari et al. 2016, with kernels of two axes."""

    def __init__(self, classes=2, base=16):
        super().__init__()
        widths = [base * 2**level for level in range(5)]
        counts = [1, 2, 3, 3, 3]
        chain = lambda c, n: nn.ModuleList(nn.Conv2d(c, c, 5, padding=2) for _ in range(n))
        slopes = lambda c, n: nn.ModuleList(nn.PReLU(c) for _ in range(n))
        self.first, self.first_slope = nn.Conv2d(1, base, 5, padding=2), nn.PReLU(base)
        self.downs, self.lefts = nn.ModuleList(), nn.ModuleList()
        self.ups, self.rights = nn.ModuleList(), nn.ModuleList()
        for above, c, n in zip(widths, widths[1:], counts[1:]):
            self.downs.append(nn.Sequential(nn.Conv2d(above, c, 2, 2), nn.PReLU(c)))
            self.lefts.append(nn.ModuleList([chain(c, n), slopes(c, n)]))
        for i, c, n in zip([widths[4], *widths[:1:-1]], widths[:0:-1], counts[-2::-1]):
            self.ups.append(nn.Sequential(nn.ConvTranspose2d(i, c // 2, 2, 2), nn.PReLU(c // 2)))
            self.rights.append(nn.ModuleList([chain(c, n), slopes(c, n)]))
        self.head = nn.Conv2d(2 * base, classes, 1)

    @staticmethod
    def stage(parts, x):
        h = x
        for at, (conv, slope) in enumerate(zip(*parts)):
            h = conv(h)
            h = slope(h + x if at == len(parts[0]) - 1 else h)
        return h

    def forward(self, x):
        copies = self.first.out_channels // x.shape[1]
        x = self.first_slope(self.first(x) + x.repeat(1, copies, 1, 1))
        skips = [x]
        for down, left in zip(self.downs, self.lefts):
            x = self.stage(left, down(x))
            skips.append(x)
        skips.pop()
        for up, right in zip(self.ups, self.rights):
            x = self.stage(right, torch.cat([up(x), skips.pop()], 1))
        return dict(mask=torch.softmax(self.head(x), 1))


class StarDist(nn.Module):
    """Schmidt et al. 2018: probability and 32 distances of each pixel."""

    def __init__(self, rays=32, base=32):
        super().__init__()
        widths = [base * 2**level for level in range(4)]
        plain = lambda i, o: nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU())
        pair = lambda i, c, o: nn.Sequential(plain(i, c), plain(c, o))
        self.downs = nn.ModuleList(pair(i, o, o) for i, o in zip([1, *widths], widths[:3]))
        self.bottom = pair(widths[2], widths[3], widths[2])
        self.ups = nn.ModuleList(pair(2 * c, c, max(base, c // 2)) for c in widths[2::-1])
        self.features = plain(base, 4 * base)
        self.probability, self.distances = nn.Conv2d(4 * base, 1, 1), nn.Conv2d(4 * base, rays, 1)

    def forward(self, x):
        skips = []
        for down in self.downs:
            skips.append(down(x))
            x = F.max_pool2d(skips[-1], 2)
        x = self.bottom(x)
        for up in self.ups:
            x = up(torch.cat([nearest(x), skips.pop()], 1))
        x = self.features(x)
        return dict(probability=torch.sigmoid(self.probability(x)), distances=self.distances(x))


def pre_unit(i, o, kernel=3, active=True):
    """Normalisation before the convolution."""
    parts = [nn.BatchNorm2d(i), *([nn.ReLU()] if active else [])]
    return nn.Sequential(*parts, nn.Conv2d(i, o, kernel, padding=kernel // 2))


class Styled(nn.Module):
    def __init__(self, c, style):
        super().__init__()
        self.style, self.unit = nn.Conv2d(style, c, 1), pre_unit(c, c)

    def forward(self, x, style):
        return self.unit(x + self.style(style))


class Cellpose(nn.Module):
    """Stringer et al. 2021, without the step that brings the style to length one."""

    def __init__(self, base=32):
        super().__init__()
        widths = [base * 2**level for level in range(4)]
        self.downs, self.ups = nn.ModuleList(), nn.ModuleList()
        for i, o in zip([2, *widths], widths):
            self.downs.append(nn.ModuleList([pre_unit(i, o, 1, False), pre_unit(i, o), *(pre_unit(o, o) for _ in range(3))]))
        for i, o in zip([widths[3], *widths[:0:-1]], widths[::-1]):
            styled = [Styled(o, widths[3]) for _ in range(3)]
            self.ups.append(nn.ModuleList([pre_unit(i, o, 1, False), pre_unit(i, o), *styled]))
        self.last = nn.Sequential(nn.BatchNorm2d(base), nn.ReLU())
        self.flows, self.cell = nn.Conv2d(base, 2, 1), nn.Conv2d(base, 1, 1)

    def forward(self, x):
        skips = []
        for level, (project, *units) in enumerate(self.downs):
            x = F.max_pool2d(x, 2) if level > 0 else x
            x = project(x) + units[1](units[0](x))
            x = x + units[3](units[2](x))
            skips.append(x)
        style = x.mean((2, 3), keepdim=True)
        for level, (project, enter, one, two, three) in enumerate(self.ups):
            x = nearest(x) if level > 0 else x
            x = project(x) + one(enter(x) + skips.pop(), style)
            x = x + three(two(x, style), style)
        x = self.last(x)
        return dict(flows=self.flows(x), cell=self.cell(x))


class Excite(nn.Module):
    """Squeeze and excitation; with `space` also that of single pixels, added."""

    def __init__(self, c, ratio, bias=True, space=False):
        super().__init__()
        self.squeeze, self.expand = nn.Conv2d(c, c // ratio, 1, bias=bias), nn.Conv2d(c // ratio, c, 1, bias=bias)
        self.space = nn.Conv2d(c, 1, 1) if space else None

    def forward(self, x):
        gate = torch.sigmoid(self.expand(F.relu(self.squeeze(x.mean((2, 3), keepdim=True)))))
        return x * gate if self.space is None else x * gate + x * torch.sigmoid(self.space(x))


class ScseUNet(nn.Module):
    def __init__(self, classes=1, depth=34, base=64):
        super().__init__()
        self.encoder = ResNet(depth, base)
        scse = lambda c: Excite(c, 16, space=True)
        i, self.blocks = self.encoder.widths[-1], nn.ModuleList()
        for skip, o in zip([*self.encoder.widths[-2::-1], 0], (256, 128, 64, 32, 16)):
            entry = scse(i + skip) if skip > 0 else nn.Identity()
            self.blocks.append(nn.Sequential(entry, unit(i + skip, o), unit(o, o), scse(o)))
            i = o
        self.head = nn.Conv2d(16, classes, 3, padding=1)

    def forward(self, x):
        *skips, x = self.encoder(x)
        for block in self.blocks:
            x = block(torch.cat([nearest(x), *([skips.pop()] if skips else [])], 1))
        return dict(mask=self.head(x))


def keras_norm(c):
    return nn.BatchNorm2d(c, eps=1e-3)


def same_conv(i, o, kernel, stride=1):
    """As TensorFlow pads even sizes: the odd pixel below and right."""
    if stride == 1 or kernel == 1:
        return nn.Conv2d(i, o, kernel, stride, kernel // 2)
    return nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(i, o, kernel, stride))


class PlusUnit(nn.Module):
    """A residual unit of ResUNet++; the first is without its first activation."""

    def __init__(self, i, o, stride, first=False):
        super().__init__()
        entry = [] if first else [keras_norm(i), nn.ReLU()]
        self.body = nn.Sequential(*entry, same_conv(i, o, 3, stride), keras_norm(o), nn.ReLU(), same_conv(o, o, 3))
        self.short = nn.Sequential(same_conv(i, o, 1, stride), keras_norm(o))
        self.excite = Excite(o, 8, bias=False)

    def forward(self, x):
        return self.excite(self.body(x) + self.short(x))


class SumPyramid(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        part = lambda d: nn.Sequential(nn.Conv2d(i, o, 3, padding=d, dilation=d), keras_norm(o))
        self.parts = nn.ModuleList(part(d) for d in (6, 12, 18, 1))
        self.join = nn.Conv2d(o, o, 1)

    def forward(self, x):
        return self.join(sum(part(x) for part in self.parts))


class Attend(nn.Module):
    def __init__(self, above, c):
        super().__init__()
        part = lambda i: nn.Sequential(keras_norm(i), nn.ReLU(), nn.Conv2d(i, c, 3, padding=1))
        self.theirs, self.ours, self.gate = part(above), part(c), part(c)

    def forward(self, x, above):
        return x * self.gate(F.max_pool2d(self.theirs(above), 2) + self.ours(x))


class ResUNetPlusPlus(nn.Module):
    def __init__(self, base=16):
        super().__init__()
        c = [base * 2**level for level in range(5)]
        self.downs = nn.ModuleList(PlusUnit(i, o, 1 if i == 3 else 2, i == 3) for i, o in zip([3, *c], c[:4]))
        self.bridge, self.last = SumPyramid(c[3], c[4]), SumPyramid(c[1], c[0])
        self.attends = nn.ModuleList(Attend(skip, below) for skip, below in zip(c[2::-1], (c[4], c[3], c[2])))
        self.ups = nn.ModuleList(PlusUnit(b + s, o, 1) for b, s, o in zip((c[4], c[3], c[2]), c[2::-1], c[3:0:-1]))
        self.head = nn.Conv2d(base, 1, 1)

    def forward(self, x):
        skips = []
        for down in self.downs:
            x = down(x)
            skips.append(x)
        skips.pop()
        x = self.bridge(x)
        for attend, up in zip(self.attends, self.ups):
            skip = skips.pop()
            x = up(torch.cat([nearest(attend(x, skip)), skip], 1))
        return dict(mask=torch.sigmoid(self.head(self.last(x))))


class Factored(nn.Module):
    """Two pairs of convolutions of 3 x 1 and 1 x 3."""

    def __init__(self, c, dilation=1):
        super().__init__()
        tall = lambda d: nn.Conv2d(c, c, (3, 1), padding=(d, 0), dilation=(d, 1))
        wide = lambda d: nn.Conv2d(c, c, (1, 3), padding=(0, d), dilation=(1, d))
        pair = lambda d: [tall(d), nn.ReLU(), wide(d), keras_norm(c)]
        self.body = nn.Sequential(*pair(1), nn.ReLU(), *pair(dilation))

    def forward(self, x):
        return F.relu(self.body(x) + x)


class Halve(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(i, o - i, 3, 2, 1), keras_norm(o)

    def forward(self, x):
        return F.relu(self.norm(torch.cat([self.conv(x), F.max_pool2d(x, 2)], 1)))


class ERFNet(nn.Module):
    def __init__(self, classes=20, base=16):
        super().__init__()
        a, b, c = base, 4 * base, 8 * base
        up = lambda i, o: [nn.ConvTranspose2d(i, o, 3, 2, 1, 1), keras_norm(o), nn.ReLU(), Factored(o), Factored(o)]
        down = [Halve(3, a), Halve(a, b), *(Factored(b) for _ in range(5)), Halve(b, c)]
        dilated = [Factored(c, d) for _ in range(2) for d in (2, 4, 8, 16)]
        self.body = nn.Sequential(*down, *dilated, *up(c, b), *up(b, a), nn.ConvTranspose2d(a, classes, 2, 2))

    def forward(self, x):
        return dict(mask=self.body(x))


class Recurrent(nn.Module):
    """One convolution with its norm, t + 1 times: the input is added before each but the first."""

    def __init__(self, c, t):
        super().__init__()
        self.t = t
        self.step = nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU())

    def forward(self, x):
        h = self.step(x)
        for _ in range(self.t):
            h = self.step(x + h)
        return h


class RecurrentResidual(nn.Module):
    def __init__(self, i, o, t):
        super().__init__()
        self.widen = nn.Conv2d(i, o, 1)
        self.body = nn.Sequential(Recurrent(o, t), Recurrent(o, t))

    def forward(self, x):
        x = self.widen(x)
        return x + self.body(x)


class R2UNet(nn.Module):
    """Alom et al. 2018, in the layers of the public code that is cited most."""

    def __init__(self, classes=1, base=64, t=2):
        super().__init__()
        widths = [base * 2**level for level in range(5)]
        self.downs = nn.ModuleList(RecurrentResidual(i, o, t) for i, o in zip([3, *widths], widths))
        self.ups, self.joins = nn.ModuleList(), nn.ModuleList()
        for below, o in zip(widths[:0:-1], widths[-2::-1]):
            up = [nn.Conv2d(below, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU()]
            self.ups.append(nn.Sequential(nn.Upsample(scale_factor=2), *up))
            self.joins.append(RecurrentResidual(2 * o, o, t))
        self.head = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        skips = []
        for level, down in enumerate(self.downs):
            x = down(x if level == 0 else F.max_pool2d(x, 2))
            skips.append(x)
        skips.pop()
        for up, join in zip(self.ups, self.joins):
            x = join(torch.cat([skips.pop(), up(x)], 1))
        return dict(mask=self.head(x))
