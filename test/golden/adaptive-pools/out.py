# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Pyramid(nn.Module):
    """Means over bins beside the map they are taken of (Zhao et al. 2017).

    Takes images of 3 channels whose height and width are at least 2; "mask" is [N, 1, 2
    floor(H / 2), 2 floor(W / 2)] and holds logits in 1 channel, of which sigmoid makes
    probabilities. 1,887 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """

    def __init__(self) -> None:
        super().__init__()
        self.a = A(3)
        self.b = ConvReluResizeTo(8)
        self.c = ConvReluResizeTo(8)
        self.d = ConvReluResizeTo(8)
        self.e = E(14)
        self.mask = Mask(8)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 8, floor(H / 2), floor(W / 2)]
        b = self.b(F.adaptive_avg_pool2d(a, 1), a)  # [N, 2, floor(H / 2), floor(W / 2)]
        c = self.c(F.adaptive_avg_pool2d(a, 3), a)  # [N, 2, floor(H / 2), floor(W / 2)]
        x = F.adaptive_avg_pool2d(a, (2, 6))
        d = self.d(x, a)  # [N, 2, floor(H / 2), floor(W / 2)]
        e = self.e(torch.cat([a, b, c, d], 1))  # [N, 8, floor(H / 2), floor(W / 2)]

        x = F.interpolate(e, scale_factor=2, mode="bilinear", align_corners=False)
        mask: Tensor = self.mask(x)  # [N, 1, 2 floor(H / 2), 2 floor(W / 2)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless Pyramid can take images of this size."""
    for size in (height, width):
        if size < 2:
            raise ValueError(
                "Pyramid takes images whose height and width are at least 2; "
                f"found {height} x {width}."
            )


class A(nn.Module):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return F.relu(self.conv2(F.max_pool2d(x, 2)), inplace=True)


class ConvReluResizeTo(nn.Module):
    """Makes "b", "c", "d"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 2, 1)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        z = F.relu(self.conv1(x), inplace=True)
        return F.interpolate(z, size=y.shape[2:], mode="bilinear", align_corners=False)


class E(nn.Module):
    """Makes "e"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
