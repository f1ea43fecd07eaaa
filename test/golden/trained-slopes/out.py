# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TrainedSlopes(nn.Module):
    """Activations with weights, and those that share a layer.

    Takes images of 3 channels, of any size; "mask" is as large and holds logits in 1
    channel, of which sigmoid makes probabilities. 1,737 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, slope: float = 0.1) -> None:
        super().__init__()
        self.a = A(3)
        self.b = B(8, slope)
        self.c = C(4)
        self.mask = Mask(4)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 8, H, W]
        b = self.b(a)  # [N, 4, H, W]
        c = self.c(b)  # [N, 4, H, W]

        mask: Tensor = self.mask(c)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


class A(nn.PReLU):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__(8, init=0)
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)
        self.prelu1 = nn.PReLU(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2(self.prelu1(self.conv1(x)))
        return super().forward(x)


class B(nn.Module):
    """Makes "b"."""

    def __init__(self, channels: int, slope: float) -> None:
        super().__init__()
        self.bent1 = Bent(channels, 8, slope)
        self.bent2 = Bent(8, 4, 0.5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.softplus(self.bent2(self.bent1(x)))
        return F.silu(x)


class C(nn.Module):
    """Makes "c"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(self.conv1(x))


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Bent(nn.PReLU):
    def __init__(self, channels: int, c: int, slope: float) -> None:
        super().__init__(c, init=slope)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.conv1(x))


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
