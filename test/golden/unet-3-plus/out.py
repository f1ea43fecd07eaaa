# Made by unetc from unet-3-plus.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNet3Plus(nn.Module):
    """UNet 3+ (Huang et al. 2020): every decoder node sees every scale. `deep` puts a
    head on each of them and on the bottom. `guide` lets a classifier at the bottom
    empty the masks: their probabilities, as the text says, or their logits, as the
    authors' code does, which leaves a probability of one half.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities.
    26,984,833 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: deep = false, guide = none.
    """

    def __init__(self, classes: int = 1, base: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.e1 = DoubleConv(channels, base)
        self.e2 = DoubleConv(base, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4)
        self.e4 = DoubleConv(base * 4, base * 8)
        self.e5 = DoubleConv(base * 8, base * 16)
        self.b4_e1 = ConvBatchNormRelu(base, base)
        self.b4_e2 = ConvBatchNormRelu(base * 2, base)
        self.b4_e3 = ConvBatchNormRelu(base * 4, base)
        self.b4_e4 = ConvBatchNormRelu(base * 8, base)
        self.b4_e5 = ConvBatchNormRelu(base * 16, base)
        self.d4 = ConvBatchNormRelu(base * 5, 5 * base)
        self.b3_e1 = ConvBatchNormRelu(base, base)
        self.b3_e2 = ConvBatchNormRelu(base * 2, base)
        self.b3_e3 = ConvBatchNormRelu(base * 4, base)
        self.b3_d4 = ConvBatchNormRelu(5 * base, base)
        self.b3_e5 = ConvBatchNormRelu(base * 16, base)
        self.d3 = ConvBatchNormRelu(base * 5, 5 * base)
        self.b2_e1 = ConvBatchNormRelu(base, base)
        self.b2_e2 = ConvBatchNormRelu(base * 2, base)
        self.b2_d3 = ConvBatchNormRelu(5 * base, base)
        self.b2_d4 = ConvBatchNormRelu(5 * base, base)
        self.b2_e5 = ConvBatchNormRelu(base * 16, base)
        self.d2 = ConvBatchNormRelu(base * 5, 5 * base)
        self.b1_e1 = ConvBatchNormRelu(base, base)
        self.b1_d2 = ConvBatchNormRelu(5 * base, base)
        self.b1_d3 = ConvBatchNormRelu(5 * base, base)
        self.b1_d4 = ConvBatchNormRelu(5 * base, base)
        self.b1_e5 = ConvBatchNormRelu(base * 16, base)
        self.d1 = ConvBatchNormRelu(base * 5, 5 * base)
        self.mask = Mask(5 * base, classes)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 64, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 128, H / 2, W / 2]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 256, H / 4, W / 4]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, H / 8, W / 8]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 1024, H / 16, W / 16]

        b4_e1 = self.b4_e1(F.max_pool2d(e1, 8, ceil_mode=True))  # [N, 64, H / 8, W / 8]
        b4_e2 = self.b4_e2(F.max_pool2d(e2, 4, ceil_mode=True))  # [N, 64, H / 8, W / 8]
        b4_e3 = self.b4_e3(F.max_pool2d(e3, 2, ceil_mode=True))  # [N, 64, H / 8, W / 8]
        b4_e4 = self.b4_e4(e4)  # [N, 64, H / 8, W / 8]
        x = F.interpolate(e5, scale_factor=2, mode="bilinear", align_corners=False)
        b4_e5 = self.b4_e5(x)  # [N, 64, H / 8, W / 8]
        x = torch.cat([b4_e1, b4_e2, b4_e3, b4_e4, b4_e5], 1)
        d4 = self.d4(x)  # [N, 320, H / 8, W / 8]
        b3_e1 = self.b3_e1(F.max_pool2d(e1, 4, ceil_mode=True))  # [N, 64, H / 4, W / 4]
        b3_e2 = self.b3_e2(F.max_pool2d(e2, 2, ceil_mode=True))  # [N, 64, H / 4, W / 4]
        b3_e3 = self.b3_e3(e3)  # [N, 64, H / 4, W / 4]
        x = F.interpolate(d4, scale_factor=2, mode="bilinear", align_corners=False)
        b3_d4 = self.b3_d4(x)  # [N, 64, H / 4, W / 4]
        x = F.interpolate(e5, scale_factor=4, mode="bilinear", align_corners=False)
        b3_e5 = self.b3_e5(x)  # [N, 64, H / 4, W / 4]
        x = torch.cat([b3_e1, b3_e2, b3_e3, b3_d4, b3_e5], 1)
        d3 = self.d3(x)  # [N, 320, H / 4, W / 4]
        b2_e1 = self.b2_e1(F.max_pool2d(e1, 2, ceil_mode=True))  # [N, 64, H / 2, W / 2]
        b2_e2 = self.b2_e2(e2)  # [N, 64, H / 2, W / 2]
        x = F.interpolate(d3, scale_factor=2, mode="bilinear", align_corners=False)
        b2_d3 = self.b2_d3(x)  # [N, 64, H / 2, W / 2]
        x = F.interpolate(d4, scale_factor=4, mode="bilinear", align_corners=False)
        b2_d4 = self.b2_d4(x)  # [N, 64, H / 2, W / 2]
        x = F.interpolate(e5, scale_factor=8, mode="bilinear", align_corners=False)
        b2_e5 = self.b2_e5(x)  # [N, 64, H / 2, W / 2]
        x = torch.cat([b2_e1, b2_e2, b2_d3, b2_d4, b2_e5], 1)
        d2 = self.d2(x)  # [N, 320, H / 2, W / 2]
        b1_e1 = self.b1_e1(e1)  # [N, 64, H, W]
        x = F.interpolate(d2, scale_factor=2, mode="bilinear", align_corners=False)
        b1_d2 = self.b1_d2(x)  # [N, 64, H, W]
        x = F.interpolate(d3, scale_factor=4, mode="bilinear", align_corners=False)
        b1_d3 = self.b1_d3(x)  # [N, 64, H, W]
        x = F.interpolate(d4, scale_factor=8, mode="bilinear", align_corners=False)
        b1_d4 = self.b1_d4(x)  # [N, 64, H, W]
        x = F.interpolate(e5, scale_factor=16, mode="bilinear", align_corners=False)
        b1_e5 = self.b1_e5(x)  # [N, 64, H, W]
        x = torch.cat([b1_e1, b1_d2, b1_d3, b1_d4, b1_e5], 1)
        d1 = self.d1(x)  # [N, 320, H, W]

        mask: Tensor = self.mask(d1, image)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless UNet3Plus can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "UNet3Plus takes images whose height and width are multiples of 16; "
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


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, d1_channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(d1_channels, classes, 3, padding=1)

    def forward(self, d1: Tensor, other: Tensor) -> Tensor:
        x = self.conv1(d1)
        return F.interpolate(
            x, size=other.shape[2:], mode="bilinear", align_corners=False
        )


class ConvBatchNormRelu(nn.Module):
    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.batch_norm1 = BatchNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


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
