# Made by unetc from unet-narrow-top.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNetNarrowTop(nn.Module):
    """A U-Net whose decoder narrows early: level 2 ends at the first width, so the
    last step up keeps its channels.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 11 channels, of which softmax makes probabilities.
    30,965,515 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, classes: int = 11, base: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.e1 = DoubleConv(channels, base, base)
        self.e2 = DoubleConv(base, base * 2, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4, base * 4)
        self.e4 = DoubleConv(base * 4, base * 8, base * 8)
        self.e5 = DoubleConv(base * 8, base * 16, base * 16)
        self.u4 = nn.ConvTranspose2d(base * 16, base * 8, 2, stride=2)
        self.d4 = DoubleConv(base * 16, base * 8, base * 8)
        self.u3 = nn.ConvTranspose2d(base * 8, base * 4, 2, stride=2)
        self.d3 = DoubleConv(base * 8, base * 4, base * 4)
        self.u2 = nn.ConvTranspose2d(base * 4, base * 2, 2, stride=2)
        self.d2 = DoubleConv(base * 4, base, base * 2)
        self.u1 = nn.ConvTranspose2d(base, base, 2, stride=2)
        self.d1 = DoubleConv(base * 2, base, base)
        self.mask = nn.Conv2d(base, classes, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 64, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 128, H / 2, W / 2]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 256, H / 4, W / 4]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, H / 8, W / 8]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 1024, H / 16, W / 16]

        u4 = self.u4(e5)  # [N, 512, H / 8, W / 8]
        d4 = self.d4(torch.cat([u4, e4], 1))  # [N, 512, H / 8, W / 8]
        u3 = self.u3(d4)  # [N, 256, H / 4, W / 4]
        d3 = self.d3(torch.cat([u3, e3], 1))  # [N, 256, H / 4, W / 4]
        u2 = self.u2(d3)  # [N, 128, H / 2, W / 2]
        d2 = self.d2(torch.cat([u2, e2], 1))  # [N, 64, H / 2, W / 2]
        u1 = self.u1(d2)  # [N, 64, H, W]
        d1 = self.d1(torch.cat([u1, e1], 1))  # [N, 64, H, W]

        mask: Tensor = self.mask(d1)  # [N, 11, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.softmax(1)


def check_size(height: int, width: int) -> None:
    """Raises unless UNetNarrowTop can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "UNetNarrowTop takes images whose height and width are multiples of "
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


class DoubleConv(nn.Module):
    def __init__(self, channels: int, c: int, mid: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, mid, 3, padding=1)
        self.batch_norm1 = BatchNorm(mid)
        self.conv2 = nn.Conv2d(mid, c, 3, padding=1)
        self.batch_norm2 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.batch_norm1(self.conv1(x)), inplace=True)
        return F.relu(self.batch_norm2(self.conv2(x)), inplace=True)


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
