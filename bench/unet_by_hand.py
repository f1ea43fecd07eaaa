"""A U-Net as people write it by hand with PyTorch, for benches to compare with."""

import torch
from torch import nn
from torch.nn import functional as F


class Twice(nn.Module):
    def __init__(self, channels_in, channels, rate=0.0):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels_in, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels, eps=1e-3),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels, eps=1e-3),
            nn.ReLU(inplace=True),
            *([nn.Dropout2d(rate)] if rate > 0 else []),
        )

    def forward(self, x):
        return self.layers(x)


class Down(nn.Module):
    def __init__(self, channels_in, channels, rate=0.0):
        super().__init__()
        self.layers = nn.Sequential(nn.MaxPool2d(2), Twice(channels_in, channels, rate))

    def forward(self, x):
        return self.layers(x)


class Up(nn.Module):
    def __init__(self, channels_in, channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(channels_in, channels, 2, stride=2)
        self.twice = Twice(channels_in, channels)

    def forward(self, x, skip):
        x = self.up(x)
        rows, columns = skip.size(2) - x.size(2), skip.size(3) - x.size(3)
        sides = [columns // 2, columns - columns // 2, rows // 2, rows - rows // 2]
        return self.twice(torch.cat([skip, F.pad(x, sides)], dim=1))


class ByHand(nn.Module):
    """Four levels down and up, as the public U-Nets of PyTorch are written."""

    def __init__(self, classes=1, base=64, channels=3, rate=0.5):
        super().__init__()
        self.first = Twice(channels, base)
        self.down1 = Down(base, 2 * base)
        self.down2 = Down(2 * base, 4 * base)
        self.down3 = Down(4 * base, 8 * base, rate)
        self.down4 = Down(8 * base, 16 * base, rate)
        self.up1 = Up(16 * base, 8 * base)
        self.up2 = Up(8 * base, 4 * base)
        self.up3 = Up(4 * base, 2 * base)
        self.up4 = Up(2 * base, base)
        self.last = nn.Conv2d(base, classes, 1)

    def forward(self, x):
        x1 = self.first(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x = self.down4(x4)
        x = self.up1(x, x4)
        x = self.up2(x, x3)
        x = self.up3(x, x2)
        x = self.up4(x, x1)
        return self.last(x)
