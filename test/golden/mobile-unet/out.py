# Made by unetc from mobile-unet.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class MobileUNet(nn.Module):
    """A U-Net on MobileNetV1 that enlarges after each merge. The first convolution
    keeps full size, strided ones round up: where the image is a little below a
    multiple of 16, the mask is that multiple.

    Takes images of 3 channels whose height and width are 0, 13, 14 or 15 mod 16, from
    13 on; "mask" is [N, 1, 4 ceil(H / 4), 4 ceil(W / 4)] and holds logits in 1 channel,
    of which sigmoid makes probabilities. 14,113,409 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(
        self, classes: int = 1, base: int = 64, alpha: float = 1, channels: int = 3
    ) -> None:
        super().__init__()
        self.mobilenet_v1 = MobilenetV1(channels, alpha)
        self.d4 = DoubleConv(32 * math.floor(32 * alpha), base * 8)
        self.d3 = DoubleConv(16 * math.floor(32 * alpha) + base * 8, base * 4)
        self.d2 = DoubleConv(base * 4 + 8 * math.floor(32 * alpha), base * 2)
        self.d1 = DoubleConv(base * 2, base)
        self.mask = nn.Conv2d(base, classes, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        block_5, block_11, block_13 = self.mobilenet_v1(image)

        x = F.interpolate(block_13, scale_factor=2, mode="nearest")
        d4 = self.d4(x)  # [N, 512, ceil(H / 8), ceil(W / 8)]
        x = torch.cat([block_11, d4], 1)
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        d3 = self.d3(x)  # [N, 256, ceil(H / 4), ceil(W / 4)]
        x = torch.cat([d3, block_5], 1)
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        d2 = self.d2(x)  # [N, 128, 2 ceil(H / 4), 2 ceil(W / 4)]
        x = F.interpolate(d2, scale_factor=2, mode="nearest")
        d1 = self.d1(x)  # [N, 64, 4 ceil(H / 4), 4 ceil(W / 4)]

        mask: Tensor = self.mask(d1)  # [N, 1, 4 ceil(H / 4), 4 ceil(W / 4)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless MobileUNet can take images of this size."""
    for size in (height, width):
        if size < 13 or size % 16 not in (0, 13, 14, 15):
            raise ValueError(
                "MobileUNet takes images whose height and width are 0, 13, 14 or 15 "
                f"mod 16, from 13 on; found {height} x {width}."
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


class Stem(nn.Module):
    """Makes "stem"."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1, bias=False)
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.norm1(self.conv1(x)), inplace=True)


class MobilenetV1(nn.Module):
    """Makes "mobilenet_v1"."""

    def __init__(self, channels: int, alpha: float) -> None:
        super().__init__()
        self.stem = Stem(channels, math.floor(32 * alpha))
        self.block_1 = Separable(math.floor(32 * alpha), 2 * math.floor(32 * alpha))
        self.block_2 = SeparableStride2(
            2 * math.floor(32 * alpha), 4 * math.floor(32 * alpha)
        )
        self.block_3 = Separable(4 * math.floor(32 * alpha), 4 * math.floor(32 * alpha))
        self.block_4 = SeparableStride2(
            4 * math.floor(32 * alpha), 8 * math.floor(32 * alpha)
        )
        self.block_5 = Separable(8 * math.floor(32 * alpha), 8 * math.floor(32 * alpha))
        self.block_6 = SeparableStride2(
            8 * math.floor(32 * alpha), 16 * math.floor(32 * alpha)
        )
        self.block_7 = Separable(
            16 * math.floor(32 * alpha), 16 * math.floor(32 * alpha)
        )
        self.block_8 = Separable(
            16 * math.floor(32 * alpha), 16 * math.floor(32 * alpha)
        )
        self.block_9 = Separable(
            16 * math.floor(32 * alpha), 16 * math.floor(32 * alpha)
        )
        self.block_10 = Separable(
            16 * math.floor(32 * alpha), 16 * math.floor(32 * alpha)
        )
        self.block_11 = Separable(
            16 * math.floor(32 * alpha), 16 * math.floor(32 * alpha)
        )
        self.block_12 = SeparableStride2(
            16 * math.floor(32 * alpha), 32 * math.floor(32 * alpha)
        )
        self.block_13 = Separable(
            32 * math.floor(32 * alpha), 32 * math.floor(32 * alpha)
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        stem = self.stem(x)
        block_1 = self.block_1(stem)
        block_2 = self.block_2(block_1)
        block_3 = self.block_3(block_2)
        block_4 = self.block_4(block_3)
        block_5 = self.block_5(block_4)
        block_6 = self.block_6(block_5)
        block_7 = self.block_7(block_6)
        block_8 = self.block_8(block_7)
        block_9 = self.block_9(block_8)
        block_10 = self.block_10(block_9)
        block_11 = self.block_11(block_10)
        block_12 = self.block_12(block_11)
        block_13 = self.block_13(block_12)
        return block_5, block_11, block_13


class Norm(BatchNorm):
    """Batch normalisation with the constants of PyTorch or of Keras.

    Here form = torch.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels)


class Separable(nn.Module):
    """A depthwise convolution, then one of size 1: a convolution in two halves.
    Keras pads strided ones below and right alone.
    """

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, 3, padding=1, groups=channels, bias=False
        )
        self.norm1 = Norm(channels)
        self.conv1 = nn.Conv2d(channels, c, 1, bias=False)
        self.norm2 = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu6(self.norm1(self.depthwise_conv1(x)), inplace=True)
        return F.relu6(self.norm2(self.conv1(x)), inplace=True)


class SeparableStride2(nn.Module):
    """Like Separable, here stride = 2."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, 3, stride=2, padding=1, groups=channels, bias=False
        )
        self.norm1 = Norm(channels)
        self.conv1 = nn.Conv2d(channels, c, 1, bias=False)
        self.norm2 = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu6(self.norm1(self.depthwise_conv1(x)), inplace=True)
        return F.relu6(self.norm2(self.conv1(x)), inplace=True)


class DoubleConv(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.batch_norm1 = BatchNorm(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1)
        self.batch_norm2 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.batch_norm1(self.conv1(x)), inplace=True)
        return F.relu(self.batch_norm2(self.conv2(x)), inplace=True)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
