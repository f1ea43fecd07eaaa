# Made by unetc from nuclei-plus-plus.unet; edits are lost.
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Outputs(NamedTuple):
    """What NucleiPlusPlus gives."""

    mask_x1_1: Tensor
    mask_x1_2: Tensor
    mask_x1_3: Tensor
    mask: Tensor


class NucleiPlusPlus(nn.Module):
    """A small U-Net++ for nuclei in fluorescence images of 256 x 256 pixels: a head on
    the full-size node of every column, whose probabilities are averaged.

    Takes images of 1 channel whose height and width are multiples of 16; "mask_x1_1",
    "mask_x1_2", "mask_x1_3" and "mask" are as large and hold logits in 1 channel, of
    which sigmoid makes probabilities. 575,724 parameters.

    Values are divided by the largest of their type (255 for 8 bits); then the mean of
    the whole image, over all its pixels and channels together, is taken off, and the
    rest divided by its deviation.

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: predict = average.
    """

    def __init__(self, classes: int = 1, base: int = 8, channels: int = 1) -> None:
        super().__init__()
        self.e1 = DoubleConv(channels, base)
        self.e2 = DoubleConv(base, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4)
        self.e4 = DoubleConv(base * 4, base * 8)
        self.e5 = DoubleConv(base * 8, base * 16)
        self.x1_1 = DoubleConv(base * 3, base)
        self.x2_1 = DoubleConv(base * 6, base * 2)
        self.x3_1 = DoubleConv(base * 12, base * 4)
        self.x4_1 = DoubleConv(base * 24, base * 8)
        self.x1_2 = DoubleConv(base * 4, base)
        self.x2_2 = DoubleConv(base * 8, base * 2)
        self.x3_2 = DoubleConv(base * 16, base * 4)
        self.x1_3 = DoubleConv(base * 5, base)
        self.x2_3 = DoubleConv(base * 10, base * 2)
        self.x1_4 = DoubleConv(base * 6, base)
        self.mask_x1_1 = nn.Conv2d(base, classes, 1)
        self.mask_x1_2 = nn.Conv2d(base, classes, 1)
        self.mask_x1_3 = nn.Conv2d(base, classes, 1)
        self.mask = nn.Conv2d(base, classes, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Outputs:
        e1 = self.e1(image)  # [N, 8, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 16, H / 2, W / 2]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 32, H / 4, W / 4]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 64, H / 8, W / 8]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 128, H / 16, W / 16]

        # [N, 16, H, W]
        u1_1 = F.interpolate(e2, scale_factor=2, mode="bilinear", align_corners=False)
        x1_1 = self.x1_1(torch.cat([e1, u1_1], 1))  # [N, 8, H, W]
        # [N, 32, H / 2, W / 2]
        u2_1 = F.interpolate(e3, scale_factor=2, mode="bilinear", align_corners=False)
        x2_1 = self.x2_1(torch.cat([e2, u2_1], 1))  # [N, 16, H / 2, W / 2]
        # [N, 64, H / 4, W / 4]
        u3_1 = F.interpolate(e4, scale_factor=2, mode="bilinear", align_corners=False)
        x3_1 = self.x3_1(torch.cat([e3, u3_1], 1))  # [N, 32, H / 4, W / 4]
        # [N, 128, H / 8, W / 8]
        u4_1 = F.interpolate(e5, scale_factor=2, mode="bilinear", align_corners=False)
        x4_1 = self.x4_1(torch.cat([e4, u4_1], 1))  # [N, 64, H / 8, W / 8]
        # [N, 16, H, W]
        u1_2 = F.interpolate(x2_1, scale_factor=2, mode="bilinear", align_corners=False)
        x1_2 = self.x1_2(torch.cat([e1, x1_1, u1_2], 1))  # [N, 8, H, W]
        # [N, 32, H / 2, W / 2]
        u2_2 = F.interpolate(x3_1, scale_factor=2, mode="bilinear", align_corners=False)
        x2_2 = self.x2_2(torch.cat([e2, x2_1, u2_2], 1))  # [N, 16, H / 2, W / 2]
        # [N, 64, H / 4, W / 4]
        u3_2 = F.interpolate(x4_1, scale_factor=2, mode="bilinear", align_corners=False)
        x3_2 = self.x3_2(torch.cat([e3, x3_1, u3_2], 1))  # [N, 32, H / 4, W / 4]
        # [N, 16, H, W]
        u1_3 = F.interpolate(x2_2, scale_factor=2, mode="bilinear", align_corners=False)
        x1_3 = self.x1_3(torch.cat([e1, x1_1, x1_2, u1_3], 1))  # [N, 8, H, W]
        # [N, 32, H / 2, W / 2]
        u2_3 = F.interpolate(x3_2, scale_factor=2, mode="bilinear", align_corners=False)
        x2_3 = self.x2_3(torch.cat([e2, x2_1, x2_2, u2_3], 1))  # [N, 16, H / 2, W / 2]
        # [N, 16, H, W]
        u1_4 = F.interpolate(x2_3, scale_factor=2, mode="bilinear", align_corners=False)
        x1_4 = self.x1_4(torch.cat([e1, x1_1, x1_2, x1_3, u1_4], 1))  # [N, 8, H, W]

        mask_x1_1 = self.mask_x1_1(x1_1)  # [N, 1, H, W]
        mask_x1_2 = self.mask_x1_2(x1_2)  # [N, 1, H, W]
        mask_x1_3 = self.mask_x1_3(x1_3)  # [N, 1, H, W]
        mask = self.mask(x1_4)  # [N, 1, H, W]
        return Outputs(
            mask_x1_1=mask_x1_1, mask_x1_2=mask_x1_2, mask_x1_3=mask_x1_3, mask=mask
        )

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Outputs = self.eval()(image)
        return torch.mean(
            torch.stack(
                [
                    outputs.mask_x1_1.sigmoid(),
                    outputs.mask_x1_2.sigmoid(),
                    outputs.mask_x1_3.sigmoid(),
                    outputs.mask.sigmoid(),
                ]
            ),
            0,
        )


def check_size(height: int, width: int) -> None:
    """Raises unless NucleiPlusPlus can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "NucleiPlusPlus takes images whose height and width are multiples of "
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
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1, bias=False)
        self.batch_norm1 = BatchNorm(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
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
