# Made by unetc from mobile-unet-torch.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class MobileUNetTorch(nn.Module):
    """Mobile U-Net (Jing et al. 2020), as a PyTorch build has it: inverted residuals on
    both sides, and a mask of half the image's size.

    Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31 on;
    "mask" is [N, 1, ceil(H / 2), ceil(W / 2)] and holds logits in 1 channel, of which
    sigmoid makes probabilities. 4,720,287 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: alpha = 1, divisor = 8, widths = [16, 24, 32, 96].
    """

    def __init__(
        self, classes: int = 1, features: int = 1280, channels: int = 3
    ) -> None:
        super().__init__()
        self.mobilenet_v2 = MobilenetV2(channels, make_divisible(features, 8))
        self.u4 = nn.ConvTranspose2d(
            make_divisible(features, 8), 96, 4, stride=2, padding=1
        )
        self.d4 = InvertedResidual(192, 96)
        self.u3 = nn.ConvTranspose2d(96, 32, 4, stride=2, padding=1)
        self.d3 = InvertedResidual(64, 32)
        self.u2 = nn.ConvTranspose2d(32, 24, 4, stride=2, padding=1)
        self.d2 = InvertedResidual(48, 24)
        self.u1 = nn.ConvTranspose2d(24, 16, 4, stride=2, padding=1)
        self.d1 = InvertedResidual(32, 16)
        self.mask = Mask(16, classes)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        expanded_conv, block_2, block_5, block_12, widened = self.mobilenet_v2(image)

        u4 = self.u4(widened)  # [N, 96, ceil(H / 16), ceil(W / 16)]
        x = torch.cat([block_12, u4], 1)
        d4 = self.d4(x)  # [N, 96, ceil(H / 16), ceil(W / 16)]
        u3 = self.u3(d4)  # [N, 32, ceil(H / 8), ceil(W / 8)]
        d3 = self.d3(torch.cat([block_5, u3], 1))  # [N, 32, ceil(H / 8), ceil(W / 8)]
        u2 = self.u2(d3)  # [N, 24, ceil(H / 4), ceil(W / 4)]
        d2 = self.d2(torch.cat([block_2, u2], 1))  # [N, 24, ceil(H / 4), ceil(W / 4)]
        u1 = self.u1(d2)  # [N, 16, ceil(H / 2), ceil(W / 2)]
        x = torch.cat([expanded_conv, u1], 1)
        d1 = self.d1(x)  # [N, 16, ceil(H / 2), ceil(W / 2)]

        mask: Tensor = self.mask(d1)  # [N, 1, ceil(H / 2), ceil(W / 2)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless MobileUNetTorch can take images of this size."""
    for size in (height, width):
        if size < 31 or size % 32 not in (0, 31):
            raise ValueError(
                "MobileUNetTorch takes images whose height and width are 0 or 31 mod "
                f"32, from 31 on; found {height} x {width}."
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


class Norm(BatchNorm):
    """Batch normalisation with the constants of torchvision or of Keras.

    Here form = torch.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels)


class DepthwiseConvNorm(Norm):
    """Makes "narrow"."""

    def __init__(self, channels: int, stride: int, c: int) -> None:
        super().__init__(c)
        self.depthwise1 = DepthwiseStride1(channels, stride)
        self.conv1 = nn.Conv2d(channels, c, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return as_norm(Norm, self, self.conv1(self.depthwise1(x)))


class Narrow(Norm):
    """Makes "narrow"."""

    def __init__(self, channels: int, stride: int, c: int) -> None:
        super().__init__(c)
        self.depthwise1 = DepthwiseStride2(channels, stride)
        self.conv1 = nn.Conv2d(channels, c, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return as_norm(Norm, self, self.conv1(self.depthwise1(x)))


class Stem(nn.Module):
    """Makes "stem"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3, stride=2, padding=1, bias=False)
        self.norm1 = Norm(32)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.norm1(self.conv1(x)), inplace=True)


class LastProject(nn.Conv2d):
    """Makes "last_project"."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, 320, 1, bias=False)
        self.depthwise1 = DepthwiseStride1(channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.depthwise1(x))


class MobilenetV2(nn.Module):
    """Makes "mobilenet_v2"."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.stem = Stem(channels_in)
        self.expanded_conv = InvertedResidualFactor1(32, 16)
        self.expand_1 = Expansion(16, 6)
        self.block_1 = ProjectionStride2(96, 24, 2)
        self.expand_2 = Expansion(24, 6)
        self.block_2 = ProjectionWithAddStride1(144, 24, 1)
        self.expand_3 = Expansion(24, 6)
        self.block_3 = ProjectionStride2(144, 32, 2)
        self.expand_4 = Expansion(32, 6)
        self.block_4 = ProjectionWithAddStride1(192, 32, 1)
        self.expand_5 = Expansion(32, 6)
        self.block_5 = ProjectionWithAddStride1(192, 32, 1)
        self.expand_6 = Expansion(32, 6)
        self.block_6 = ProjectionStride2(192, 64, 2)
        self.expand_7 = Expansion(64, 6)
        self.block_7 = ProjectionWithAddStride1(384, 64, 1)
        self.expand_8 = Expansion(64, 6)
        self.block_8 = ProjectionWithAddStride1(384, 64, 1)
        self.expand_9 = Expansion(64, 6)
        self.block_9 = ProjectionWithAddStride1(384, 64, 1)
        self.expand_10 = Expansion(64, 6)
        self.block_10 = ProjectionStride1(384, 96, 1)
        self.expand_11 = Expansion(96, 6)
        self.block_11 = ProjectionWithAddStride1(576, 96, 1)
        self.expand_12 = Expansion(96, 6)
        self.block_12 = ProjectionWithAddStride1(576, 96, 1)
        self.expand_13 = Expansion(96, 6)
        self.block_13 = ProjectionStride2(576, 160, 2)
        self.expand_14 = Expansion(160, 6)
        self.block_14 = ProjectionWithAddStride1(960, 160, 1)
        self.expand_15 = Expansion(160, 6)
        self.block_15 = ProjectionWithAddStride1(960, 160, 1)
        self.last_expand = Expansion(160, 6)
        self.last_project = LastProject(960)
        self.last = Norm(320)
        self.widened = nn.Conv2d(320, channels, 1, bias=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        stem = self.stem(x)
        expanded_conv = self.expanded_conv(stem)
        expand_1 = self.expand_1(expanded_conv)
        block_1 = self.block_1(expand_1)
        expand_2 = self.expand_2(block_1)
        block_2 = self.block_2(expand_2, block_1)
        expand_3 = self.expand_3(block_2)
        block_3 = self.block_3(expand_3)
        expand_4 = self.expand_4(block_3)
        block_4 = self.block_4(expand_4, block_3)
        expand_5 = self.expand_5(block_4)
        block_5 = self.block_5(expand_5, block_4)
        expand_6 = self.expand_6(block_5)
        block_6 = self.block_6(expand_6)
        expand_7 = self.expand_7(block_6)
        block_7 = self.block_7(expand_7, block_6)
        expand_8 = self.expand_8(block_7)
        block_8 = self.block_8(expand_8, block_7)
        expand_9 = self.expand_9(block_8)
        block_9 = self.block_9(expand_9, block_8)
        expand_10 = self.expand_10(block_9)
        block_10 = self.block_10(expand_10)
        expand_11 = self.expand_11(block_10)
        block_11 = self.block_11(expand_11, block_10)
        expand_12 = self.expand_12(block_11)
        block_12 = self.block_12(expand_12, block_11)
        expand_13 = self.expand_13(block_12)
        block_13 = self.block_13(expand_13)
        expand_14 = self.expand_14(block_13)
        block_14 = self.block_14(expand_14, block_13)
        expand_15 = self.expand_15(block_14)
        block_15 = self.block_15(expand_15, block_14)
        last_expand = self.last_expand(block_15)
        last_project = self.last_project(last_expand)
        last = self.last(last_project)
        widened = self.widened(last)
        return expanded_conv, block_2, block_5, block_12, widened


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 3, 1)
        self.conv2 = nn.Conv2d(3, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2(self.conv1(x))
        return x


class DepthwiseStride1(nn.Module):
    """A depthwise convolution. Keras pads strided ones less above and left.

    Here form = torch.
    """

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.stride_value = stride
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, 3, stride=stride, groups=channels, bias=False
        )
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.depthwise_conv1(pad_same(x, 3, self.stride_value))
        return F.relu6(self.norm1(x), inplace=True)


class DepthwiseStride2(nn.Module):
    """Like DepthwiseStride1, here stride = 2."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, 3, stride=stride, padding=1, groups=channels, bias=False
        )
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.norm1(self.depthwise_conv1(x)), inplace=True)


class Expansion(nn.Module):
    """The first half of an inverted residual: more channels.

    Here form = torch.
    """

    def __init__(self, channels: int, factor: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels * factor, 1, bias=False)
        self.norm1 = Norm(channels * factor)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.norm1(self.conv1(x)), inplace=True)


class ProjectionStride1(nn.Module):
    """The second half: a depthwise convolution, then fewer channels and no activation.
    What flowed into the first half is added where it has the same shape.

    Here form = torch, without add.
    """

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__()
        self.narrow = DepthwiseConvNorm(channels, stride, c)

    def forward(self, x: Tensor) -> Tensor:
        return as_class(DepthwiseConvNorm, self.narrow, x)


class ProjectionStride2(nn.Module):
    """Like ProjectionStride1, here stride = 2."""

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__()
        self.narrow = Narrow(channels, stride, c)

    def forward(self, x: Tensor) -> Tensor:
        return as_class(Narrow, self.narrow, x)


class ProjectionWithAddStride1(nn.Module):
    """Like ProjectionStride1, here with add."""

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__()
        self.narrow = DepthwiseConvNorm(channels, stride, c)

    def forward(self, x: Tensor, shortcut: Tensor) -> Tensor:
        narrow = as_class(DepthwiseConvNorm, self.narrow, x)
        return shortcut + narrow


class InvertedResidualFactor1(ProjectionStride1):
    """Both halves (Sandler et al. 2018).

    Here factor = 1, without wide.
    """

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(channels, c, 1)


class InvertedResidual(ProjectionStride1):
    """Like InvertedResidualFactor1, here factor = 6, with wide."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(channels * 6, c, 1)
        self.wide = Expansion(channels, 6)

    def forward(self, x: Tensor) -> Tensor:
        wide = self.wide(x)
        return super().forward(wide)


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


def make_divisible(value: float, divisor: int) -> int:
    """The multiple of a divisor nearest to a width, at most a tenth below it."""
    nearest = max(divisor, math.floor((value + divisor / 2) / divisor) * divisor)
    return nearest + divisor if nearest < 0.9 * value else nearest


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, std=math.sqrt(2 / fan_in(module)))
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def fan_in(module: nn.Conv2d | nn.ConvTranspose2d) -> float:
    """How many values one output sees; of a transposed kernel, kernel / stride taps."""
    taps: float = math.prod(module.kernel_size)
    if isinstance(module, nn.ConvTranspose2d):
        taps = max(1.0, taps / math.prod(module.stride))
    return taps * module.in_channels / module.groups
