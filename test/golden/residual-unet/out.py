# Made by unetc from residual-unet.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ResidualUNet(nn.Module):
    """A Deep Residual U-Net (Zhang et al. 2018) as the paper's table has it: nothing is
    learned on the way up, shortcuts are convolutions of size 1.

    Takes images of 3 channels whose height and width are multiples of 8; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 8,227,393
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, classes: int = 1, base: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.e1 = ResidualFirst(channels, base)
        self.e2 = ResidualStride2(base, base * 2)
        self.e3 = ResidualStride2(base * 2, base * 4)
        self.e4 = ResidualStride2(base * 4, base * 8)
        self.d3 = Residual(base * 12, base * 4)
        self.d2 = Residual(base * 6, base * 2)
        self.d1 = Residual(base * 3, base)
        self.mask = Mask(base, classes)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 64, H, W]
        e2 = self.e2(e1)  # [N, 128, H / 2, W / 2]
        e3 = self.e3(e2)  # [N, 256, H / 4, W / 4]
        e4 = self.e4(e3)  # [N, 512, H / 8, W / 8]

        u3 = F.interpolate(e4, scale_factor=2, mode="nearest")  # [N, 512, H / 4, W / 4]
        d3 = self.d3(torch.cat([u3, e3], 1))  # [N, 256, H / 4, W / 4]
        u2 = F.interpolate(d3, scale_factor=2, mode="nearest")  # [N, 256, H / 2, W / 2]
        d2 = self.d2(torch.cat([u2, e2], 1))  # [N, 128, H / 2, W / 2]
        u1 = F.interpolate(d2, scale_factor=2, mode="nearest")  # [N, 128, H, W]
        d1 = self.d1(torch.cat([u1, e1], 1))  # [N, 64, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless ResidualUNet can take images of this size."""
    for size in (height, width):
        if size < 8 or size % 8 != 0:
            raise ValueError(
                "ResidualUNet takes images whose height and width are multiples of 8; "
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


class ConvNormReluConv(nn.Conv2d):
    """Makes "h"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c, c, 3, padding=1)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.norm1 = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.conv1(x)), inplace=True)
        return super().forward(x)


class NormRelu(nn.Module):
    """Makes "active"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(x), inplace=True)


class H(nn.Conv2d):
    """Makes "h"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c, c, 3, padding=1)
        self.conv1 = nn.Conv2d(channels, c, 3, stride=2, padding=1)
        self.norm1 = Norm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.conv1(x)), inplace=True)
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
    """Batch normalisation with the constants of PyTorch or of Keras."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels)


class ResidualFirst(nn.Module):
    """A residual unit with activations before its convolutions (He et al. 2016), as
    Deep Residual U-Nets have it (Zhang et al. 2018). The shortcut is a convolution
    of its own, of size 1 or 3, with or without normalisation. "first" leaves out the
    activation before the first convolution: nothing to activate in an image. "form"
    says whose padding of strided convolutions and whose constants are meant.

    Here first = true, without active.
    """

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.h = ConvNormReluConv(channels, c)
        self.side = nn.Conv2d(channels, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.h(x)
        side = self.side(x)
        x = h + side
        return x


class ResidualStride2(nn.Module):
    """Like ResidualFirst, here stride = 2, first = false, with active."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.active = NormRelu(channels)
        self.h = H(channels, c)
        self.side = nn.Conv2d(channels, c, 1, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        active = self.active(x)
        h = self.h(active)
        side = self.side(x)
        x = h + side
        return x


class Residual(nn.Module):
    """Like ResidualFirst, here first = false, with active."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.active = NormRelu(channels)
        self.h = ConvNormReluConv(channels, c)
        self.side = nn.Conv2d(channels, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        active = self.active(x)
        h = self.h(active)
        side = self.side(x)
        x = h + side
        return x


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
