# Made by unetc from unet-padded.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNetPadded(nn.Module):
    """A U-Net with transposed convolutions and dropout before the deepest skips;
    any size works, for what comes up is padded to the skip.

    Takes images of 3 channels whose height and width are at least 16; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities.
    31,049,409 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: bias = false.
    """

    def __init__(self, classes: int = 1, base: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.e1 = DoubleConv(channels, base)
        self.e2 = DoubleConv(base, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4)
        self.e4 = DoubleConvSpatialDropout(base * 4, base * 8)
        self.e5 = DoubleConvSpatialDropout(base * 8, base * 16)
        self.u4 = nn.ConvTranspose2d(base * 16, base * 8, 2, stride=2)
        self.d4 = DoubleConv(base * 16, base * 8)
        self.u3 = nn.ConvTranspose2d(base * 8, base * 4, 2, stride=2)
        self.d3 = DoubleConv(base * 8, base * 4)
        self.u2 = nn.ConvTranspose2d(base * 4, base * 2, 2, stride=2)
        self.d2 = DoubleConv(base * 4, base * 2)
        self.u1 = nn.ConvTranspose2d(base * 2, base, 2, stride=2)
        self.d1 = DoubleConv(base * 2, base)
        self.mask = Mask(base, classes)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 64, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 128, floor(H / 2), floor(W / 2)]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 256, floor(H / 4), floor(W / 4)]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, floor(H / 8), floor(W / 8)]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 1024, floor(H / 16), floor(W / 16)]

        u4 = self.u4(e5)  # [N, 512, 2 floor(H / 16), 2 floor(W / 16)]
        x = torch.cat([e4, pad_to(u4, e4)], 1)
        d4 = self.d4(x)  # [N, 512, floor(H / 8), floor(W / 8)]
        u3 = self.u3(d4)  # [N, 256, 2 floor(H / 8), 2 floor(W / 8)]
        x = torch.cat([e3, pad_to(u3, e3)], 1)
        d3 = self.d3(x)  # [N, 256, floor(H / 4), floor(W / 4)]
        u2 = self.u2(d3)  # [N, 128, 2 floor(H / 4), 2 floor(W / 4)]
        x = torch.cat([e2, pad_to(u2, e2)], 1)
        d2 = self.d2(x)  # [N, 128, floor(H / 2), floor(W / 2)]
        u1 = self.u1(d2)  # [N, 64, 2 floor(H / 2), 2 floor(W / 2)]
        d1 = self.d1(torch.cat([e1, pad_to(u1, e1)], 1))  # [N, 64, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless UNetPadded can take images of this size."""
    for size in (height, width):
        if size < 16:
            raise ValueError(
                "UNetPadded takes images whose height and width are at least 16; "
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


class DoubleConvSpatialDropout(nn.Module):
    """Makes "e4", "e5"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.double_conv1 = DoubleConv(channels, c)

    def forward(self, x: Tensor) -> Tensor:
        return F.dropout2d(self.double_conv1(x), 0.5, self.training)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class DoubleConv(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1, bias=False)
        self.batch_norm1 = BatchNorm(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.batch_norm2 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.batch_norm1(self.conv1(x)), inplace=True)
        return F.relu(self.batch_norm2(self.conv2(x)), inplace=True)


def pad_to(x: Tensor, like: Tensor) -> Tensor:
    """Adds zeros around x up to the height and width of another tensor."""
    rows, columns = like.shape[2] - x.shape[2], like.shape[3] - x.shape[3]
    top, left = rows // 2, columns // 2
    return F.pad(x, (left, columns - left, top, rows - top))


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
