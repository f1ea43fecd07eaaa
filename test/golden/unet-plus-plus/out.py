# Made by unetc from unet-plus-plus.unet; edits are lost.
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Outputs(NamedTuple):
    """What UNetPlusPlus gives."""

    mask_x1_1: Tensor
    mask_x1_2: Tensor
    mask_x1_3: Tensor
    mask: Tensor


class UNetPlusPlus(nn.Module):
    """U-Net++ (Zhou et al. 2018): nested dense skips, and a head on the full-size
    node of every column. Maps come up to sizes fixed with the network, so any
    rows and columns from 16 on will do, but only those.

    Takes images of 512 x 512 pixels and 3 channels; "mask_x1_1", "mask_x1_2",
    "mask_x1_3" and "mask" are [N, 1, 512, 512] and hold logits in 1 channel, of which
    sigmoid makes probabilities. 36,644,420 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: rows = 512, columns = 512.
    """

    def __init__(self, classes: int = 1, base: int = 64, channels: int = 3) -> None:
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
        e1 = self.e1(image)  # [N, 64, 512, 512]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 128, 256, 256]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 256, 128, 128]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, 64, 64]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 1024, 32, 32]

        x = F.interpolate(e2, size=e1.shape[2:], mode="bilinear", align_corners=True)
        x1_1 = self.x1_1(torch.cat([e1, x], 1))  # [N, 64, 512, 512]
        x = F.interpolate(e3, size=e2.shape[2:], mode="bilinear", align_corners=True)
        x2_1 = self.x2_1(torch.cat([e2, x], 1))  # [N, 128, 256, 256]
        x = F.interpolate(e4, size=e3.shape[2:], mode="bilinear", align_corners=True)
        x3_1 = self.x3_1(torch.cat([e3, x], 1))  # [N, 256, 128, 128]
        x = F.interpolate(e5, size=e4.shape[2:], mode="bilinear", align_corners=True)
        x4_1 = self.x4_1(torch.cat([e4, x], 1))  # [N, 512, 64, 64]
        x = F.interpolate(x2_1, size=e1.shape[2:], mode="bilinear", align_corners=True)
        x1_2 = self.x1_2(torch.cat([e1, x1_1, x], 1))  # [N, 64, 512, 512]
        x = F.interpolate(x3_1, size=e2.shape[2:], mode="bilinear", align_corners=True)
        x2_2 = self.x2_2(torch.cat([e2, x2_1, x], 1))  # [N, 128, 256, 256]
        x = F.interpolate(x4_1, size=e3.shape[2:], mode="bilinear", align_corners=True)
        x3_2 = self.x3_2(torch.cat([e3, x3_1, x], 1))  # [N, 256, 128, 128]
        x = F.interpolate(x2_2, size=e1.shape[2:], mode="bilinear", align_corners=True)
        x1_3 = self.x1_3(torch.cat([e1, x1_1, x1_2, x], 1))  # [N, 64, 512, 512]
        x = F.interpolate(x3_2, size=e2.shape[2:], mode="bilinear", align_corners=True)
        x2_3 = self.x2_3(torch.cat([e2, x2_1, x2_2, x], 1))  # [N, 128, 256, 256]
        x = F.interpolate(x2_3, size=e1.shape[2:], mode="bilinear", align_corners=True)
        x1_4 = self.x1_4(torch.cat([e1, x1_1, x1_2, x1_3, x], 1))  # [N, 64, 512, 512]

        mask_x1_1 = self.mask_x1_1(x1_1)  # [N, 1, 512, 512]
        mask_x1_2 = self.mask_x1_2(x1_2)  # [N, 1, 512, 512]
        mask_x1_3 = self.mask_x1_3(x1_3)  # [N, 1, 512, 512]
        mask = self.mask(x1_4)  # [N, 1, 512, 512]
        return Outputs(
            mask_x1_1=mask_x1_1, mask_x1_2=mask_x1_2, mask_x1_3=mask_x1_3, mask=mask
        )

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Outputs = self.eval()(image)
        return outputs.mask.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless UNetPlusPlus can take images of this size."""
    for size in (height, width):
        if size != 512:
            raise ValueError(
                "UNetPlusPlus takes images whose height and width are 512; "
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
