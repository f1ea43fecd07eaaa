# Made by unetc from residual-unet-keras.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ResidualUNetKeras(nn.Module):
    """A Deep Residual U-Net (Zhang et al. 2018) as a Keras port has it: five levels,
    two more convolutions at the bottom, a decoder twice as wide as the encoder.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 4,723,057
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: widths = [16, 32, 64, 128, 256], decoder_widths = [32,
    64, 128, 256].
    """

    def __init__(self, classes: int = 1, channels: int = 3) -> None:
        super().__init__()
        self.e1 = ResidualFirst(channels, 16)
        self.e2 = Residual(16, 32, 2)
        self.e3 = Residual(32, 64, 2)
        self.e4 = Residual(64, 128, 2)
        self.e5 = E5(128)
        self.d4 = Residual(384, 256)
        self.d3 = Residual(320, 128)
        self.d2 = Residual(160, 64)
        self.d1 = Residual(80, 32)
        self.mask = Mask(32, classes)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 16, H, W]
        e2 = self.e2(e1)  # [N, 32, H / 2, W / 2]
        e3 = self.e3(e2)  # [N, 64, H / 4, W / 4]
        e4 = self.e4(e3)  # [N, 128, H / 8, W / 8]
        e5 = self.e5(e4)  # [N, 256, H / 16, W / 16]

        u4 = F.interpolate(e5, scale_factor=2, mode="nearest")  # [N, 256, H / 8, W / 8]
        d4 = self.d4(torch.cat([u4, e4], 1))  # [N, 256, H / 8, W / 8]
        u3 = F.interpolate(d4, scale_factor=2, mode="nearest")  # [N, 256, H / 4, W / 4]
        d3 = self.d3(torch.cat([u3, e3], 1))  # [N, 128, H / 4, W / 4]
        u2 = F.interpolate(d3, scale_factor=2, mode="nearest")  # [N, 128, H / 2, W / 2]
        d2 = self.d2(torch.cat([u2, e2], 1))  # [N, 64, H / 2, W / 2]
        u1 = F.interpolate(d2, scale_factor=2, mode="nearest")  # [N, 64, H, W]
        d1 = self.d1(torch.cat([u1, e1], 1))  # [N, 32, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless ResidualUNetKeras can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "ResidualUNetKeras takes images whose height and width are multiples "
                f"of 16; found {height} x {width}."
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


class H(nn.Conv2d):
    """Makes "h"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c, c, 3, padding=1)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.norm1 = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return super().forward(x)


class Active(nn.Module):
    """Makes "active"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(x), inplace=True)


class HBlock(nn.Conv2d):
    """Makes "h"."""

    def __init__(self, channels: int, c: int, stride: int) -> None:
        super().__init__(c, c, 3, padding=1)
        self.stride_value = stride
        self.conv1 = nn.Conv2d(channels, c, 3, stride=stride)
        self.norm1 = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(self.conv1(pad_same(x, 3, self.stride_value)))
        x = F.relu(x, inplace=True)
        return super().forward(x)


class E5(nn.Conv2d):
    """Makes "e5"."""

    def __init__(self, channels: int) -> None:
        super().__init__(256, 256, 3, padding=1)
        self.residual1 = Residual(channels, 256, 2)
        self.norm1 = Norm(256)
        self.conv1 = nn.Conv2d(256, 256, 3, padding=1)
        self.norm2 = Norm(256)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.residual1(x)), inplace=True)
        x = F.relu(self.norm2(self.conv1(x)), inplace=True)
        return super().forward(x)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Norm(BatchNorm):
    """Batch normalisation with the constants of PyTorch or of Keras.

    Here form = keras.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=0.001, momentum=0.01)


class ResidualFirst(nn.Module):
    """A residual unit with activations before its convolutions (He et al. 2016), as
    Deep Residual U-Nets have it (Zhang et al. 2018). The shortcut is a convolution
    of its own, of size 1 or 3, with or without normalisation. "first" leaves out the
    activation before the first convolution: nothing to activate in an image. "form"
    says whose padding of strided convolutions and whose constants are meant.

    Here norm_shortcut = true, first = true, form = keras, without active.
    """

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.h = H(channels, c)
        self.side = nn.Conv2d(channels, c, 1)
        self.short = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        h = self.h(x)
        side = self.side(x)
        short = self.short(side)
        x = h + short
        return x


class Residual(nn.Module):
    """Like ResidualFirst, here first = false, with active."""

    def __init__(self, channels: int, c: int, stride: int = 1) -> None:
        super().__init__()
        self.stride_value = stride
        self.active = Active(channels)
        self.h = HBlock(channels, c, stride)
        self.side = nn.Conv2d(channels, c, 1, stride=stride)
        self.short = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        active = self.active(x)
        h = self.h(active)
        side = self.side(pad_same(x, 1, self.stride_value))
        short = self.short(side)
        x = h + short
        return x


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
