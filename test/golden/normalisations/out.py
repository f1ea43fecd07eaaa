# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Normalisations(nn.Module):
    """Every normalisation, alone and in blocks that differ in their options.

    Takes images of 3 channels whose height and width are multiples of 2; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 4,593
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: parts = 4.
    """

    def __init__(self) -> None:
        super().__init__()
        self.a = A(3)
        self.b = B(8)
        self.c = C(16)
        self.d = D(8)
        self.mask = Mask(16)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 8, H, W]
        b = self.b(a)  # [N, 16, H, W]
        c = self.c(F.max_pool2d(b, 2))  # [N, 8, H / 2, W / 2]
        d = self.d(F.group_norm(c, 1))  # [N, 8, H, W]

        x = torch.cat([a, d], 1)
        x = F.layer_norm(x.movedim(1, -1), (16,)).movedim(-1, 1)
        mask: Tensor = self.mask(x)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless Normalisations can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "Normalisations takes images whose height and width are multiples of "
                f"2; found {height} x {width}."
            )


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation of each pixel over its channels."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.movedim(1, -1)).movedim(-1, 1)


class A(nn.Module):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)
        self.instance_norm1 = nn.InstanceNorm2d(8, affine=True)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.instance_norm1(self.conv1(x)), inplace=True)


class B(nn.Module):
    """Makes "b"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.grouped1 = Grouped(channels, 8, 4)
        self.grouped2 = Grouped(8, 16, 2)
        self.grouped3 = Grouped(16, 16, 8)

    def forward(self, x: Tensor) -> Tensor:
        x = self.grouped3(self.grouped2(self.grouped1(x)))
        return F.instance_norm(x)


class C(nn.Module):
    """Makes "c"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 1)
        self.layer_norm1 = ChannelNorm(8, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.layer_norm1(self.conv1(x)))


class D(nn.Module):
    """Makes "d"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.batch_norm1 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.batch_norm1(x)
        return F.interpolate(x, scale_factor=2, mode="nearest")


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Grouped(nn.Module):
    def __init__(self, channels: int, c: int, parts: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.group_norm1 = nn.GroupNorm(parts, c)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.group_norm1(self.conv1(x)), inplace=True)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
