# Made by unetc from spec.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ChannelMoves(nn.Module):
    """Channels taken, moved, joined and added: a gate of CBAM, units of ShuffleNet,
    branches of ENet.

    Takes images of 3 channels whose height and width are multiples of 4; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 4,780
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: groups = 2.
    """

    def __init__(self, wide: int = 24) -> None:
        super().__init__()
        self.a = A(3)
        self.b = B(16)
        self.c = C(2)
        self.d = D(16, wide)
        self.e = E(32)
        self.mask = nn.Conv2d(4, 1, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 16, H / 2, W / 2]
        b = self.b(a)  # [N, 16, H / 2, W / 2]
        c_channel_mean = b.mean(1, keepdim=True)
        c_channel_max = b.amax(1, keepdim=True)
        x = torch.cat([c_channel_mean, c_channel_max], 1)
        c = self.c(x, b)  # [N, 16, H / 2, W / 2]
        d = self.d(c)  # [N, 24, H / 2, W / 2]
        e = self.e(F.pixel_unshuffle(d[:, 2:10], 2))  # [N, 4, H / 2, W / 2]

        x = F.interpolate(e, scale_factor=2, mode="bilinear", align_corners=False)
        mask: Tensor = self.mask(x)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless ChannelMoves can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "ChannelMoves takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


class Part(nn.Module):
    """Makes "part"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


class A(nn.Module):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 13, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        conv = self.conv1(pad_same(x, 3, 2))
        max_pool = F.max_pool2d(x, 2)
        return F.relu(torch.cat([conv, max_pool], 1), inplace=True)


class Unit(nn.Module):
    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.groups_value = groups
        self.part = Part(channels // 2)
        self.depthwise_conv1 = nn.Conv2d(8, 8, 3, padding=1, groups=8)

    def forward(self, x: Tensor) -> Tensor:
        part = self.part(x.chunk(2, 1)[1])
        split = x.chunk(2, 1)[0]
        depthwise_conv = self.depthwise_conv1(part)
        y = torch.cat([split, depthwise_conv], 1)
        return shuffle_channels(y, self.groups_value)


class B(Unit):
    """Makes "b"."""

    def __init__(self, channels: int) -> None:
        super().__init__(int(channels / 2 + 8), 4)
        self.unit1 = Unit(channels, 2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.unit1(x))


class C(nn.Module):
    """Makes "c"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 7, padding=3)

    def forward(self, x: Tensor, b: Tensor) -> Tensor:
        y = torch.sigmoid(self.conv1(x))
        return b * y


class D(nn.Module):
    """Makes "d"."""

    def __init__(self, channels: int, wide: int) -> None:
        super().__init__()
        self.wide = wide
        self.conv1 = nn.Conv2d(channels, wide, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        conv = self.conv1(x)
        pad_channels_tensor = pad_channels(x, self.wide)
        x = conv + pad_channels_tensor
        return x


class E(nn.Module):
    """Makes "e"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.pixel_shuffle(self.conv1(x), 2)
        return shuffle_channels_last(unshuffle_channels_last(x, 2), 2)


def pad_channels(x: Tensor, channels: int) -> Tensor:
    """Adds channels of zeros behind those of x."""
    return F.pad(x, (0, 0, 0, 0, 0, channels - x.shape[1]))


def pad_same(
    x: Tensor,
    kernel: int | tuple[int, int],
    stride: int | tuple[int, int],
    dilation: int | tuple[int, int] = 1,
    value: float = 0.0,
) -> Tensor:
    """Adds what ceil(size / stride) windows need, the odd pixel below and right."""
    edges: list[int] = []
    for axis in (1, 0):
        k, s, d = (
            each if isinstance(each, int) else each[axis]
            for each in (kernel, stride, dilation)
        )
        size = x.shape[2 + axis]
        needed = (math.ceil(size / s) - 1) * s + (k - 1) * d + 1 - size
        added = max(needed, 0)
        edges += [added // 2, added - added // 2]
    return F.pad(x, edges, value=value)


def shuffle_channels(x: Tensor, groups: int) -> Tensor:
    """Deals the channels of groups out in turn."""
    count, channels, height, width = x.shape
    parts = x.reshape(count, groups, -1, height, width).transpose(1, 2)
    return parts.reshape(count, channels, height, width)


def shuffle_channels_last(x: Tensor, factor: int) -> Tensor:
    """F.pixel_shuffle of channels in TensorFlow's order (i * factor + j) * c + k."""
    count, channels, height, width = x.shape
    parts = x.reshape(count, factor * factor, -1, height, width).transpose(1, 2)
    return F.pixel_shuffle(parts.reshape(count, channels, height, width), factor)


def unshuffle_channels_last(x: Tensor, factor: int) -> Tensor:
    """F.pixel_unshuffle to channels in TensorFlow's order (i * factor + j) * c + k."""
    deep = F.pixel_unshuffle(x, factor)
    count, channels, height, width = deep.shape
    parts = deep.reshape(count, -1, factor * factor, height, width).transpose(1, 2)
    return parts.reshape(count, channels, height, width)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
