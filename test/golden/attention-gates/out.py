# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class AttentionUNet(nn.Module):
    """Skips weighed by what comes up (Oktay et al. 2018), and squeezed channels.

    Takes images of 1 channel whose height and width are multiples of 4; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 31,067
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, base: int = 8) -> None:
        super().__init__()
        self.e1 = DoubleConv(1, base)
        self.e2 = DoubleConv(base, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4)
        self.d2 = GateConcatDoubleConv(base * 2, base * 4, base * 2)
        self.d1 = GateConcatDoubleConv(base, base * 2, base)
        self.mask = Mask(base)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 8, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 16, H / 2, W / 2]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 32, H / 4, W / 4]

        u2 = F.interpolate(e3, scale_factor=2, mode="nearest")  # [N, 32, H / 2, W / 2]
        d2 = self.d2(e2, u2)  # [N, 16, H / 2, W / 2]
        u1 = F.interpolate(d2, scale_factor=2, mode="nearest")  # [N, 16, H, W]
        d1 = self.d1(e1, u1)  # [N, 8, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless AttentionUNet can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "AttentionUNet takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


class Weight(nn.Module):
    """Makes "weight"."""

    def __init__(self, channels_in: int, channels: int, channels2: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 1)
        self.conv2 = nn.Conv2d(channels, channels2, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return torch.sigmoid(self.conv2(x))


class WeightBlock(nn.Module):
    """Makes "weight"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.conv1(x))


class Squeeze(nn.Module):
    """Weighs every channel by the mean of all (Hu et al. 2018)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = Weight(channels, channels // 4, channels)

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight(x.mean((2, 3), keepdim=True))
        x = x * weight
        return x


class DoubleConv(Squeeze):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        x = F.relu(self.conv2(x), inplace=True)
        return super().forward(x)


class GateConcatDoubleConv(DoubleConv):
    """Makes "d2", "d1"."""

    def __init__(self, e_channels: int, u_channels: int, c: int) -> None:
        super().__init__(e_channels + u_channels, c)
        self.gate1 = Gate(e_channels, u_channels)

    def forward(self, e: Tensor, u: Tensor) -> Tensor:  # type: ignore[override]
        return super().forward(torch.cat([self.gate1(e, u), u], 1))


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Gate(nn.Module):
    """Weighs every pixel of what flows in by what `signal` makes of it."""

    def __init__(self, channels: int, signal_channels: int) -> None:
        super().__init__()
        self.theta = nn.Conv2d(channels, channels // 2, 1)
        self.phi = nn.Conv2d(signal_channels, channels // 2, 1)
        self.weight = WeightBlock(channels // 2)

    def forward(self, x: Tensor, signal: Tensor) -> Tensor:
        theta = self.theta(x)
        phi = self.phi(signal)
        y = F.relu(theta + phi, inplace=True)
        weight = self.weight(y)
        x = x * weight
        return x


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
