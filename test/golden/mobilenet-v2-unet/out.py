# Made by unetc from mobilenet-v2-unet.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class MobileNetV2UNet(nn.Module):
    """A U-Net on a narrow MobileNetV2, as Keras has it: skips from inside the inverted
    residuals, where tensors are widest, and the image itself as the last skip.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 767,217
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: alpha = 0.35.
    """

    def __init__(self, classes: int = 1, base: int = 16, channels: int = 3) -> None:
        super().__init__()
        self.mobilenet_v2 = MobilenetV2(channels)
        self.d4 = DoubleConv(288, base * 8)
        self.d3 = DoubleConv(base * 8 + 48, base * 4)
        self.d2 = DoubleConv(base * 4 + 48, base * 2)
        self.d1 = DoubleConv(base * 2 + channels, base)
        self.mask = Mask(base, classes)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        expand_1, expand_3, expand_6, expand_13 = self.mobilenet_v2(image)

        # [N, 192, H / 8, W / 8]
        u4 = F.interpolate(expand_13, scale_factor=2, mode="nearest")
        d4 = self.d4(torch.cat([u4, expand_6], 1))  # [N, 128, H / 8, W / 8]
        u3 = F.interpolate(d4, scale_factor=2, mode="nearest")  # [N, 128, H / 4, W / 4]
        d3 = self.d3(torch.cat([u3, expand_3], 1))  # [N, 64, H / 4, W / 4]
        u2 = F.interpolate(d3, scale_factor=2, mode="nearest")  # [N, 64, H / 2, W / 2]
        d2 = self.d2(torch.cat([u2, expand_1], 1))  # [N, 32, H / 2, W / 2]
        u1 = F.interpolate(d2, scale_factor=2, mode="nearest")  # [N, 32, H, W]
        d1 = self.d1(torch.cat([u1, image], 1))  # [N, 16, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless MobileNetV2UNet can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "MobileNetV2UNet takes images whose height and width are multiples of "
                f"16; found {height} x {width}."
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

    Here form = keras.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=0.001, momentum=0.001)


class DepthwiseConvNorm(Norm):
    """Makes "narrow"."""

    def __init__(self, channels: int, stride: int, c: int) -> None:
        super().__init__(c)
        self.depthwise1 = Depthwise(channels, stride)
        self.conv1 = nn.Conv2d(channels, c, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return as_norm(Norm, self, self.conv1(self.depthwise1(x)))


class Stem(nn.Module):
    """Makes "stem"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 3, stride=2, bias=False)
        self.norm1 = Norm(16)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(self.conv1(pad_same(x, 3, 2)))
        return F.relu6(x, inplace=True)


class MobilenetV2(nn.Module):
    """Makes "mobilenet_v2"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.stem = Stem(channels)
        self.expanded_conv = InvertedResidual(16, 8)
        self.expand_1 = Expansion(8, 6)
        self.block_1 = Projection(48, 8, 2)
        self.expand_2 = Expansion(8, 6)
        self.block_2 = ProjectionWithAdd(48, 8, 1)
        self.expand_3 = Expansion(8, 6)
        self.block_3 = Projection(48, 16, 2)
        self.expand_4 = Expansion(16, 6)
        self.block_4 = ProjectionWithAdd(96, 16, 1)
        self.expand_5 = Expansion(16, 6)
        self.block_5 = ProjectionWithAdd(96, 16, 1)
        self.expand_6 = Expansion(16, 6)
        self.block_6 = Projection(96, 24, 2)
        self.expand_7 = Expansion(24, 6)
        self.block_7 = ProjectionWithAdd(144, 24, 1)
        self.expand_8 = Expansion(24, 6)
        self.block_8 = ProjectionWithAdd(144, 24, 1)
        self.expand_9 = Expansion(24, 6)
        self.block_9 = ProjectionWithAdd(144, 24, 1)
        self.expand_10 = Expansion(24, 6)
        self.block_10 = Projection(144, 32, 1)
        self.expand_11 = Expansion(32, 6)
        self.block_11 = ProjectionWithAdd(192, 32, 1)
        self.expand_12 = Expansion(32, 6)
        self.block_12 = ProjectionWithAdd(192, 32, 1)
        self.expand_13 = Expansion(32, 6)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
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
        return expand_1, expand_3, expand_6, expand_13


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Depthwise(nn.Module):
    """A depthwise convolution. Keras pads strided ones less above and left.

    Here form = keras.
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


class Expansion(nn.Module):
    """The first half of an inverted residual: more channels.

    Here form = keras.
    """

    def __init__(self, channels: int, factor: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels * factor, 1, bias=False)
        self.norm1 = Norm(channels * factor)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.norm1(self.conv1(x)), inplace=True)


class DoubleConv(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.norm1 = NormBlock(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1)
        self.norm2 = NormBlock(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return F.relu(self.norm2(self.conv2(x)), inplace=True)


class NormBlock(BatchNorm):
    """Keras' constants."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=0.001, momentum=0.01)


class Projection(nn.Module):
    """The second half: a depthwise convolution, then fewer channels and no activation.
    What flowed into the first half is added where it has the same shape.

    Here form = keras, without add.
    """

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__()
        self.narrow = DepthwiseConvNorm(channels, stride, c)

    def forward(self, x: Tensor) -> Tensor:
        return as_class(DepthwiseConvNorm, self.narrow, x)


class ProjectionWithAdd(nn.Module):
    """Like Projection, here stride = 1, with add."""

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__()
        self.narrow = DepthwiseConvNorm(channels, stride, c)

    def forward(self, x: Tensor, shortcut: Tensor) -> Tensor:
        narrow = as_class(DepthwiseConvNorm, self.narrow, x)
        return shortcut + narrow


class InvertedResidual(Projection):
    """Both halves (Sandler et al. 2018).

    Here factor = 1, form = keras.
    """

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(channels, c, 1)


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
