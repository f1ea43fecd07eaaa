# Made by unetc from spec.unet; edits are lost.
import math
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class GroupedConvolutions(nn.Module):
    """Dilations and groups: an atrous pyramid after a grouped encoder.

    Takes images of 3 channels whose height and width are multiples of 2; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 7,381
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: cardinality = 4.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = Stem(3)
        self.a = A(8)
        self.b = B(16)
        self.one = Atrous(32, 1)
        self.two = Atrous(32, 2)
        self.four = Atrous(32, 4)
        self.tall = glorot_uniform(
            nn.Conv2d(32, 4, (3, 1), padding=(3, 0), dilation=(3, 1))
        )
        self.all = All(16)
        self.joined = Joined(8)
        self.mask = Mask(16)

    def forward(self, image: Tensor) -> Tensor:
        stem = self.stem(image)  # [N, 8, H, W]
        a = self.a(stem)  # [N, 16, H / 2, W / 2]
        b = self.b(a)  # [N, 32, H / 2, W / 2]
        one = self.one(b)  # [N, 4, H / 2, W / 2]
        two = self.two(b)  # [N, 4, H / 2, W / 2]
        four = self.four(b)  # [N, 4, H / 2, W / 2]
        tall = self.tall(b)  # [N, 4, H / 2, W / 2]
        all = self.all(torch.cat([one, two, four, tall], 1))  # [N, 8, H, W]
        joined = self.joined(stem, all)  # [N, 16, H, W]

        mask: Tensor = self.mask(joined)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless GroupedConvolutions can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "GroupedConvolutions takes images whose height and width are multiples "
                f"of 2; found {height} x {width}."
            )


class BatchNorm(nn.BatchNorm2d):
    """Batch normalisation as Keras does it: the running variance follows that of the
    batch itself. PyTorch's own follows n / (n - 1) times it, for n values of a channel.
    """

    momentum: float
    running_var: Tensor

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        mean, variance = self.running_mean, self.running_var.clone()
        weight, bias, momentum = self.weight, self.bias, self.momentum
        result = F.batch_norm(
            input, mean, variance, weight, bias, True, momentum, self.eps
        )
        count = input.numel() // input.shape[1]
        self.running_var.mul_(1 - momentum).lerp_(variance, 1 - 1 / count)
        return result


class X(nn.Module):
    """Makes "x"."""

    def __init__(self, channels: int, c: int, g: int) -> None:
        super().__init__()
        self.conv1 = he_normal(
            nn.Conv2d(channels, c, 3, padding=1, groups=g, bias=False)
        )
        self.batch_norm1 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


class Stem(nn.Module):
    """Makes "stem"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(channels, 8, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


class A(nn.Module):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.grouped1 = Grouped(channels, 16, 4)

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(self.grouped1(x), 2)


class B(nn.Module):
    """Makes "b"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.grouped1 = Grouped(channels, 16, 2)
        self.depthwise_conv1 = he_normal(
            nn.Conv2d(16, 32, 3, padding=2, dilation=2, groups=16)
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.depthwise_conv1(self.grouped1(x)), inplace=True)


class All(nn.Module):
    """Makes "all"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(channels, 8, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class Joined(nn.Module):
    """Makes "joined"."""

    def __init__(self, stem_channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(stem_channels, 8, 3, stride=2, dilation=2))

    def forward(self, stem: Tensor, all: Tensor) -> Tensor:
        x = self.conv1(pad_same(stem, 3, 2, dilation=2))
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        return torch.cat([all, x], 1)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Grouped(nn.Conv2d):
    def __init__(self, channels: int, c: int, g: int) -> None:
        super().__init__(c, c, 1)
        he_normal(self)
        self.x = X(channels, c, g)
        self.depthwise_conv1 = he_normal(
            nn.Conv2d(
                c, c, (1, 3), padding=(0, 2), dilation=(1, 2), groups=c, bias=False
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        x_tensor = self.x(x)
        return super().forward(self.depthwise_conv1(x_tensor))


class Atrous(nn.Module):
    def __init__(self, channels: int, rate: int) -> None:
        super().__init__()
        self.conv1 = he_normal(
            nn.Conv2d(channels, 4, 3, padding="same", dilation=rate, bias=False)
        )
        self.batch_norm1 = BatchNorm(4)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


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


Convolution = TypeVar("Convolution", nn.Conv2d, nn.ConvTranspose2d)


def he_normal(module: Convolution) -> Convolution:
    """He et al. 2015: variance 2 / fan_in, normal."""
    nn.init.normal_(module.weight, std=math.sqrt(2 / fans(module)[0]))
    if module.bias is not None:
        nn.init.zeros_(module.bias)
    return module


def glorot_uniform(module: Convolution) -> Convolution:
    """Glorot and Bengio 2010: variance 2 / (fan_in + fan_out), uniform."""
    limit = math.sqrt(6 / sum(fans(module)))
    nn.init.uniform_(module.weight, -limit, limit)
    if module.bias is not None:
        nn.init.zeros_(module.bias)
    return module


def fans(module: nn.Conv2d | nn.ConvTranspose2d) -> tuple[float, float]:
    """How many values one output sees, and how many outputs one value reaches."""
    taps = math.prod(module.kernel_size)
    if isinstance(module, nn.ConvTranspose2d):
        seen = max(1.0, taps / math.prod(module.stride))
        return seen * module.in_channels, taps * module.out_channels
    if 1 < module.groups == module.in_channels:
        return taps, taps * module.out_channels / module.groups
    return taps * module.in_channels / module.groups, taps * module.out_channels
