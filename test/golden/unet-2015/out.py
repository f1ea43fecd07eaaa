# Made by unetc from unet-2015.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNet2015(nn.Module):
    """The U-Net of Ronneberger, Fischer and Brox (2015): unpadded convolutions,
    skips cropped to what comes up, 572 x 572 in, 388 x 388 out.

    Takes images of 1 channel whose height and width are 12 mod 16, from 188 on; "mask"
    is 184 smaller and holds logits in 2 channels, of which softmax makes probabilities.
    31,030,658 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, classes: int = 2, base: int = 64, channels: int = 1) -> None:
        super().__init__()
        self.e1 = DoubleConv(channels, base)
        self.e2 = DoubleConv(base, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4)
        self.e4 = DoubleConv(base * 4, base * 8)
        self.e5 = E5(base * 8, base * 16)
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
        e1 = self.e1(image)  # [N, 64, H - 4, W - 4]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 128, H / 2 - 6, W / 2 - 6]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 256, H / 4 - 7, W / 4 - 7]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, (H - 60) / 8, (W - 60) / 8]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 1024, (H - 124) / 16, (W - 124) / 16]

        u4 = self.u4(e5)  # [N, 512, (H - 124) / 8, (W - 124) / 8]
        x = torch.cat([crop_to(e4, u4), u4], 1)
        d4 = self.d4(x)  # [N, 512, (H - 156) / 8, (W - 156) / 8]
        u3 = self.u3(d4)  # [N, 256, H / 4 - 39, W / 4 - 39]
        x = torch.cat([crop_to(e3, u3), u3], 1)
        d3 = self.d3(x)  # [N, 256, H / 4 - 43, W / 4 - 43]
        u2 = self.u2(d3)  # [N, 128, H / 2 - 86, W / 2 - 86]
        x = torch.cat([crop_to(e2, u2), u2], 1)
        d2 = self.d2(x)  # [N, 128, H / 2 - 90, W / 2 - 90]
        u1 = self.u1(d2)  # [N, 64, H - 180, W - 180]
        d1 = self.d1(torch.cat([crop_to(e1, u1), u1], 1))  # [N, 64, H - 184, W - 184]

        mask: Tensor = self.mask(d1)  # [N, 2, H - 184, W - 184]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.softmax(1)


def check_size(height: int, width: int) -> None:
    """Raises unless UNet2015 can take images of this size."""
    for size in (height, width):
        if size < 188 or size % 16 != 12:
            raise ValueError(
                "UNet2015 takes images whose height and width are 12 mod 16, from 188 "
                f"on; found {height} x {width}."
            )


class E5(nn.Module):
    """Makes "e5"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.double_conv1 = DoubleConv(channels, c)

    def forward(self, x: Tensor) -> Tensor:
        return F.dropout(self.double_conv1(x), 0.5, self.training)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class DoubleConv(nn.Module):
    """Two 3 x 3 convolutions without padding: each takes two rows and columns off."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3)
        self.conv2 = nn.Conv2d(c, c, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return F.relu(self.conv2(x), inplace=True)


def crop_to(x: Tensor, like: Tensor, half_even: bool = False) -> Tensor:
    """Cuts the centre of x to the height and width of another tensor; of an odd row or
    column more goes below and right, or half of all is rounded to even.
    """
    height, width = like.shape[2:]
    rows, columns = x.shape[2] - height, x.shape[3] - width
    top = round(rows / 2) if half_even else rows // 2
    left = round(columns / 2) if half_even else columns // 2
    return x[:, :, top : top + height, left : left + width]


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
