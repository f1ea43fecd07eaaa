# Made by unetc from unet-resnet.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNetResNet(nn.Module):
    """A U-Net over ResNet-34 as segmentation_models.pytorch builds it by default, whose
    files it reads: steps up by nearest pixels, and no skip at full size.

    Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31 on;
    "mask" is [N, 1, 2 ceil(H / 2), 2 ceil(W / 2)] and holds logits in 1 channel, of
    which sigmoid makes probabilities. 24,455,377 parameters.

    Values are divided by the largest of their type (255 for 8 bits); then each channel
    less its mean (0.485, 0.456, 0.406) is divided by its deviation (0.229, 0.224,
    0.225).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: depth = 34, base = 64.
    """

    def __init__(self, classes: int = 1, channels: int = 3) -> None:
        super().__init__()
        self.resnet = Resnet(channels)
        self.d5 = DoubleConv(768, 256)
        self.d4 = DoubleConv(384, 128)
        self.d3 = DoubleConv(192, 64)
        self.d2 = DoubleConv(128, 32)
        self.d1 = DoubleConv(32, 16)
        self.mask = nn.Conv2d(16, classes, 3, padding=1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        s2, block_3, block_7, block_13, block_16 = self.resnet(image)

        # [N, 512, ceil(H / 16), ceil(W / 16)]
        u5 = F.interpolate(block_16, scale_factor=2, mode="nearest")
        x = torch.cat([u5, block_13], 1)
        d5 = self.d5(x)  # [N, 256, ceil(H / 16), ceil(W / 16)]
        # [N, 256, ceil(H / 8), ceil(W / 8)]
        u4 = F.interpolate(d5, scale_factor=2, mode="nearest")
        d4 = self.d4(torch.cat([u4, block_7], 1))  # [N, 128, ceil(H / 8), ceil(W / 8)]
        # [N, 128, ceil(H / 4), ceil(W / 4)]
        u3 = F.interpolate(d4, scale_factor=2, mode="nearest")
        d3 = self.d3(torch.cat([u3, block_3], 1))  # [N, 64, ceil(H / 4), ceil(W / 4)]
        # [N, 64, ceil(H / 2), ceil(W / 2)]
        u2 = F.interpolate(d3, scale_factor=2, mode="nearest")
        d2 = self.d2(torch.cat([u2, s2], 1))  # [N, 32, ceil(H / 2), ceil(W / 2)]
        # [N, 32, 2 ceil(H / 2), 2 ceil(W / 2)]
        u1 = F.interpolate(d2, scale_factor=2, mode="nearest")
        d1 = self.d1(u1)  # [N, 16, 2 ceil(H / 2), 2 ceil(W / 2)]

        mask: Tensor = self.mask(d1)  # [N, 1, 2 ceil(H / 2), 2 ceil(W / 2)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless UNetResNet can take images of this size."""
    for size in (height, width):
        if size < 31 or size % 32 not in (0, 31):
            raise ValueError(
                "UNetResNet takes images whose height and width are 0 or 31 mod 32, "
                f"from 31 on; found {height} x {width}."
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


class H(Norm):
    """Makes "h"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1, bias=False)
        self.norm1 = Norm(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return as_norm(Norm, self, self.conv2(x))


class HBlock(Norm):
    """Makes "h"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, 3, stride=2, padding=1, bias=False)
        self.norm1 = Norm(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return as_norm(Norm, self, self.conv2(x))


class Short(Norm):
    """Makes "short"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, 1, stride=2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return as_norm(Norm, self, self.conv1(x))


class S2(nn.Module):
    """Makes "s2"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
        self.norm1 = Norm(64)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(self.conv1(x)), inplace=True)


class Resnet(nn.Module):
    """Makes "resnet"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.s2 = S2(channels)
        self.block_1 = Basic(64, 64)
        self.block_2 = Basic(64, 64)
        self.block_3 = Basic(64, 64)
        self.block_4 = BasicStride2(64, 128)
        self.block_5 = Basic(128, 128)
        self.block_6 = Basic(128, 128)
        self.block_7 = Basic(128, 128)
        self.block_8 = BasicStride2(128, 256)
        self.block_9 = Basic(256, 256)
        self.block_10 = Basic(256, 256)
        self.block_11 = Basic(256, 256)
        self.block_12 = Basic(256, 256)
        self.block_13 = Basic(256, 256)
        self.block_14 = BasicStride2(256, 512)
        self.block_15 = Basic(512, 512)
        self.block_16 = Basic(512, 512)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        s2 = self.s2(x)
        block = F.max_pool2d(F.pad(s2, (1, 1, 1, 1)), 3, stride=2)
        block_1 = self.block_1(block)
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
        block_14 = self.block_14(block_13)
        block_15 = self.block_15(block_14)
        block_16 = self.block_16(block_15)
        return s2, block_3, block_7, block_13, block_16


class Basic(nn.Module):
    """Two convolutions of size 3 with a shortcut (He et al. 2015); the first may have a
    dilation of its own.

    Here first_dilation = 1, without short.
    """

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.h = H(channels, c)

    def forward(self, x: Tensor) -> Tensor:
        h = as_class(H, self.h, x)
        return F.relu(h + x, inplace=True)


class BasicStride2(nn.Module):
    """Like Basic, here stride = 2, with short."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.h = HBlock(channels, c)
        self.short = Short(channels, c)

    def forward(self, x: Tensor) -> Tensor:
        h = as_class(HBlock, self.h, x)
        short = as_class(Short, self.short, x)
        return F.relu(h + short, inplace=True)


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


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
