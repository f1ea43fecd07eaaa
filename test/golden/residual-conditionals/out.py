# Made by unetc from spec.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ResidualUNet(nn.Module):
    """Residual stages whose first step strides and projects its shortcut.

    Takes images of 3 channels whose height and width are multiples of 4; "mask" is as
    large and holds logits in 3 channels, of which softmax makes probabilities. 74,747
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: base = 8.
    """

    def __init__(self, classes: int = 3) -> None:
        super().__init__()
        self.stem = Stem(3)
        self.s1 = Residual(8, 8)
        self.s2 = S2(8)
        self.s3 = S3(16)
        self.d2 = ResidualWithShortcut(48, 16)
        self.d1 = ResidualWithShortcut(24, 8)
        self.mask = nn.Conv2d(8, classes, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        stem = self.stem(image)  # [N, 8, H, W]
        s1 = self.s1(stem)  # [N, 8, H, W]
        s2 = self.s2(s1)  # [N, 16, H / 2, W / 2]
        s3 = self.s3(s2)  # [N, 32, H / 4, W / 4]
        # [N, 32, H / 2, W / 2]
        u2 = F.interpolate(s3, scale_factor=2, mode="bilinear", align_corners=False)
        d2 = self.d2(torch.cat([s2, u2], 1))  # [N, 16, H / 2, W / 2]
        # [N, 16, H, W]
        u1 = F.interpolate(d2, scale_factor=2, mode="bilinear", align_corners=False)
        d1 = self.d1(torch.cat([s1, u1], 1))  # [N, 8, H, W]

        mask: Tensor = self.mask(d1)  # [N, 3, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.softmax(1)


def check_size(height: int, width: int) -> None:
    """Raises unless ResidualUNet can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "ResidualUNet takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
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


class H(nn.Module):
    """Makes "h"."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1, bias=False)
        self.batch_norm1 = BatchNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


class ConvBatchNorm(BatchNorm):
    """Makes "h_2"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return as_norm(BatchNorm, self, self.conv1(x))


class HBlock(nn.Module):
    """Makes "h"."""

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__()
        self.stride_value = stride
        self.conv1 = nn.Conv2d(channels, c, 3, stride=stride, bias=False)
        self.batch_norm1 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(pad_same(x, 3, self.stride_value))
        return F.relu(self.batch_norm1(x), inplace=True)


class Shortcut(BatchNorm):
    """Makes "shortcut"."""

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__(c)
        self.stride_value = stride
        self.conv1 = nn.Conv2d(channels, c, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(pad_same(x, 1, self.stride_value))
        return as_norm(BatchNorm, self, x)


class Stem(nn.Module):
    """Makes "stem"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)
        self.batch_norm1 = BatchNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


class Residual(nn.Module):
    """Two convolutions and a shortcut, which is projected where shapes differ.

    Here without shortcut.
    """

    def __init__(self, channels: int, c: int, expand: int = 1) -> None:
        super().__init__()
        self.h = H(channels, c * expand)
        self.h_2 = ConvBatchNorm(c * expand, c)

    def forward(self, x: Tensor) -> Tensor:
        h = self.h(x)
        h_2 = as_class(ConvBatchNorm, self.h_2, h)
        return F.relu(x + h_2, inplace=True)


class S2(Residual):
    """Makes "s2"."""

    def __init__(self, channels: int) -> None:
        super().__init__(16, 16)
        self.residual1 = ResidualWithShortcut(channels, 16, 2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.residual1(x))


class S3(Residual):
    """Makes "s3"."""

    def __init__(self, channels: int) -> None:
        super().__init__(32, 32, 2)
        self.residual1 = ResidualWithShortcut(channels, 32, 2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.residual1(x))


class ResidualWithShortcut(nn.Module):
    """Like Residual, here expand = 1, with shortcut."""

    def __init__(self, channels: int, c: int, stride: int = 1) -> None:
        super().__init__()
        self.h = HBlock(channels, c, stride)
        self.h_2 = ConvBatchNorm(c, c)
        self.shortcut = Shortcut(channels, c, stride)

    def forward(self, x: Tensor) -> Tensor:
        h = self.h(x)
        h_2 = as_class(ConvBatchNorm, self.h_2, h)
        shortcut = as_class(Shortcut, self.shortcut, x)
        return F.relu(shortcut + h_2, inplace=True)


def as_class(of: type[nn.Module], module: nn.Module, *inputs: Tensor) -> Tensor:
    """A module whose class derives from its last layer, a norm; also where
    nn.SyncBatchNorm.convert_sync_batchnorm has put another norm in its place.
    """
    is_whole = isinstance(module, of)
    result: Tensor = module(*inputs) if is_whole else of.forward(module, *inputs)
    return result


def as_norm(of: type[nn.BatchNorm2d], module: nn.Module, x: Tensor) -> Tensor:
    """The norm alone that a module ends in."""
    result: Tensor = of.forward(module, x) if isinstance(module, of) else module(x)
    return result


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


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
