"""Networks of specs/zoo with gated, nested and dense skips, in PyTorch, for make-zoo.py."""
import torch
from torch import nn
from torch.nn import functional as F

from zoo_parts import ResNet, nearest, unit


def double_conv(i, o):
    return nn.Sequential(unit(i, o), unit(o, o))


class Gate(nn.Module):
    """Attention gate (Oktay et al. 2018) for a gating tensor of the size of the skip."""

    def __init__(self, skip, gating):
        super().__init__()
        c = skip // 2
        part = lambda i, o: nn.Sequential(nn.Conv2d(i, o, 1), nn.BatchNorm2d(o))
        self.ours, self.theirs, self.gate = part(skip, c), part(gating, c), part(c, 1)

    def forward(self, skip, gating):
        return skip * torch.sigmoid(self.gate(F.relu(self.ours(skip) + self.theirs(gating))))


class AttentionResNet(nn.Module):
    def __init__(self, classes=1, depth=34, base=64):
        super().__init__()
        self.encoder = ResNet(depth, base)
        i, self.gates, self.blocks = self.encoder.widths[-1], nn.ModuleList(), nn.ModuleList()
        for skip, o in zip([*self.encoder.widths[-2::-1], 0], (256, 128, 64, 32, 16)):
            if skip > 0:
                self.gates.append(Gate(skip, i))
            self.blocks.append(double_conv(i + skip, o))
            i = o
        self.head = nn.Conv2d(16, classes, 1)

    def forward(self, x):
        *skips, x = self.encoder(x)
        for level, block in enumerate(self.blocks):
            x = nearest(x)
            if skips:
                x = torch.cat([x, self.gates[level](skips.pop(), x)], 1)
            x = block(x)
        return dict(mask=self.head(x))


class UNetPlusPlusResNet50(nn.Module):
    """Nodes by level, the lowest 5, and column, as far as the encoder has maps beside them."""

    def __init__(self, classes=1, depth=50, base=64):
        super().__init__()
        self.encoder = ResNet(depth, base)
        widths = dict(enumerate(self.encoder.widths, 2))
        last = {5: 256, 4: 128, 3: 64, 2: 32}
        self.nodes, made = nn.ModuleDict(), {(level, 0): width for level, width in widths.items()}
        for column in range(1, 5):
            for level in range(6 - column, 1, -1):
                o = last[level] if level + column == 6 else widths[level]
                i = made[level + 1, column - 1] + sum(made[level, at] for at in range(column))
                self.nodes[f"{level}_{column}"] = double_conv(i, o)
                made[level, column] = o
        self.top, self.head = double_conv(32, 16), nn.Conv2d(16, classes, 3, padding=1)

    def forward(self, x):
        made = {(level, 0): tap for level, tap in enumerate(self.encoder(x), 2)}
        for column in range(1, 5):
            for level in range(6 - column, 1, -1):
                skips = [made[level, at] for at in range(column - 1, -1, -1)]
                joined = torch.cat([nearest(made[level + 1, column - 1]), *skips], 1)
                made[level, column] = self.nodes[f"{level}_{column}"](joined)
        return dict(mask=self.head(self.top(nearest(made[2, 4]))))


class DenseBlock(nn.Module):
    """Layers that each see all before them; with `whole` what they started from is in the result."""

    def __init__(self, i, n, growth, whole):
        super().__init__()
        layer = lambda c: nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, growth, 3, padding=1))
        self.layers = nn.ModuleList(layer(i + at * growth) for at in range(n))
        self.whole = whole

    def forward(self, x):
        parts = [x]
        for layer in self.layers:
            parts.append(layer(torch.cat(parts, 1)))
        return torch.cat(parts if self.whole else parts[1:], 1)


class FCDenseNet(nn.Module):
    def __init__(self, classes=11, growth=16, stem=48):
        super().__init__()
        counts = [4, 5, 7, 10, 12, 15]
        self.stem, i = nn.Conv2d(3, stem, 3, padding=1), stem
        self.downs, self.steps, skips = nn.ModuleList(), nn.ModuleList(), []
        for n in counts[:-1]:
            self.downs.append(DenseBlock(i, n, growth, True))
            i += n * growth
            skips.append(i)
            self.steps.append(nn.Sequential(nn.BatchNorm2d(i), nn.ReLU(), nn.Conv2d(i, i, 1), nn.MaxPool2d(2)))
        self.bottom, i = DenseBlock(i, counts[-1], growth, False), counts[-1] * growth
        self.ups, self.joins = nn.ModuleList(), nn.ModuleList()
        for level, n in reversed(list(enumerate(counts[:-1]))):
            self.ups.append(nn.ConvTranspose2d(i, i, 3, 2))
            i += skips[level]
            self.joins.append(DenseBlock(i, n, growth, level == 0))
            i = i + n * growth if level == 0 else n * growth
        self.head = nn.Conv2d(i, classes, 1)

    def forward(self, x):
        x, skips = self.stem(x), []
        for down, step in zip(self.downs, self.steps):
            skips.append(down(x))
            x = step(skips[-1])
        x = self.bottom(x)
        for up, join in zip(self.ups, self.joins):
            skip = skips.pop()
            height, width = skip.shape[2:]
            x = join(torch.cat([up(x)[:, :, :height, :width], skip], 1))
        return dict(mask=torch.softmax(self.head(x), 1))


class ConvNeXtBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.depthwise, self.norm = nn.Conv2d(c, c, 7, padding=3, groups=c), PixelNorm(c)
        self.widen, self.narrow = nn.Conv2d(c, 4 * c, 1), nn.Conv2d(4 * c, c, 1)
        self.scale = nn.Parameter(torch.ones(c))

    def forward(self, x):
        y = self.narrow(F.gelu(self.widen(self.norm(self.depthwise(x)))))
        return x + y * self.scale[:, None, None]


class PixelNorm(nn.LayerNorm):
    def __init__(self, c):
        super().__init__(c, eps=1e-6)

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtUNet(nn.Module):
    def __init__(self, classes=1, base=96, third=9):
        super().__init__()
        self.steps, self.stages, i = nn.ModuleList(), nn.ModuleList(), 3
        for level, n in enumerate((3, 3, third, 3)):
            c = base * 2**level
            conv = nn.Conv2d(i, c, 4 if level == 0 else 2, 4 if level == 0 else 2)
            self.steps.append(nn.Sequential(conv, PixelNorm(c)) if level == 0 else nn.Sequential(PixelNorm(i), conv))
            self.stages.append(nn.Sequential(*(ConvNeXtBlock(c) for _ in range(n))))
            i = c
        self.blocks = nn.ModuleList()
        for skip, o in zip((4 * base, 2 * base, base, 0, 0), (256, 128, 64, 32, 16)):
            self.blocks.append(double_conv(i + skip, o))
            i = o
        self.head = nn.Conv2d(16, classes, 3, padding=1)

    def forward(self, x):
        taps = []
        for step, stage in zip(self.steps, self.stages):
            x = stage(step(x))
            taps.append(x)
        taps.pop()
        for block in self.blocks:
            x = block(torch.cat([nearest(x), *([taps.pop()] if taps else [])], 1))
        return dict(mask=self.head(x))
