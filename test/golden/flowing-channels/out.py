# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class FlowingChannels(nn.Module):
    """Blocks that read the channels of what flows in after another tensor, or nothing
    else of it.

    Takes images of 3 channels, of any size; "mask" is as large and holds logits in 1
    channel, of which sigmoid makes probabilities. 1,579 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3, padding=1)
        self.b = nn.Conv2d(3, 6, 3, padding=1)
        self.c = Gated(6, 4)
        self.d = AsWide(4, 6)
        self.e = Twice(10, 2)
        self.mask = nn.Conv2d(2, 1, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 4, H, W]
        b = self.b(image)  # [N, 6, H, W]
        c = self.c(b, a)  # [N, 6, H, W]
        d = self.d(a, b)  # [N, 4, H, W]
        e = self.e(torch.cat([c, d], 1))  # [N, 2, H, W]

        mask: Tensor = self.mask(e)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


class S(nn.Module):
    """Makes "s"."""

    def __init__(self, channels_in: int, channels: int, channels2: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 1)
        self.conv2 = nn.Conv2d(channels, channels2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return torch.sigmoid(self.conv2(x))


class Gated(nn.Module):
    """Here inner = 12."""

    def __init__(self, channels: int, g_channels: int) -> None:
        super().__init__()
        self.s = S(g_channels, 2 * channels, channels)

    def forward(self, x: Tensor, g: Tensor) -> Tensor:
        s = self.s(g)
        x = s * x
        return x


class AsWide(nn.Conv2d):
    def __init__(self, channels: int, g_channels: int) -> None:
        super().__init__(g_channels, channels, 3, padding=1)

    def forward(self, x: Tensor, g: Tensor) -> Tensor:  # type: ignore[override]
        return super().forward(g)


class Both(nn.Conv2d):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__(channels * 2, c, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(torch.cat([x, x], 1))


class Twice(Both):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__(channels, c)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
