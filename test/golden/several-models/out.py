# Made by unetc from spec.unet; edits are lost.
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class SmallOutputs(NamedTuple):
    """What Small gives."""

    mask: Tensor
    distance: Tensor


class SmallPredictions(NamedTuple):
    """What Small predicts."""

    mask: Tensor
    distance: Tensor


class Small(nn.Module):
    """A small network.

    Takes square images of 3 channels whose height and width are multiples of 2. "mask"
    is as large and holds logits in 2 channels, of which sigmoid makes probabilities.
    "distance" is as large and holds logits in 1 channel, of which sigmoid makes
    probabilities. 1,371 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, classes: int = 2, base: int = 4) -> None:
        super().__init__()
        self.e1 = Step(3, base, 3)
        self.e2 = Step(base, 2 * base, 5)
        self.d1 = Step(base * 3, base, 3)
        self.mask = nn.Conv2d(base, classes, 1)
        self.distance = Distance(base)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> SmallOutputs:
        e1 = self.e1(image)  # [N, 4, H, H]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 8, H / 2, H / 2]
        u1 = F.interpolate(e2, scale_factor=2, mode="nearest")  # [N, 8, H, H]
        d1 = self.d1(torch.cat([e1, u1], 1))  # [N, 4, H, H]

        mask = self.mask(d1)  # [N, 2, H, H]
        distance = self.distance(d1)  # [N, 1, H, H]
        return SmallOutputs(mask=mask, distance=distance)

    @torch.inference_mode()
    def predict(self, image: Tensor) -> SmallPredictions:
        """Probabilities; puts the network into evaluation mode."""
        check_size_small(image.shape[2], image.shape[3])
        outputs: SmallOutputs = self.eval()(image)
        return SmallPredictions(
            mask=outputs.mask.sigmoid(), distance=outputs.distance.sigmoid()
        )


def check_size_small(height: int, width: int) -> None:
    """Raises unless Small can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "Small takes images whose height and width are multiples of 2; "
                f"found {height} x {width}."
            )
    if height != width:
        raise ValueError(
            "Small takes images whose height and width are equal; "
            f"found {height} x {width}."
        )


class Fixed(nn.Module):
    """The same for images of one size.

    Takes images of 40 x 24 pixels and 3 channels; "mask" is [N, 1, 40, 24] and holds
    logits in 1 channel, of which sigmoid makes probabilities. 849 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """

    def __init__(self) -> None:
        super().__init__()
        self.e1 = Step(3, 4, 3)
        self.e2 = Step(4, 8, 3)
        self.mask = Mask(12)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 4, 40, 24]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 8, 20, 12]

        x = F.interpolate(e2, size=e1.shape[2:], mode="bilinear", align_corners=False)
        mask: Tensor = self.mask(torch.cat([e1, x], 1))  # [N, 1, 40, 24]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size_fixed(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size_fixed(height: int, width: int) -> None:
    """Raises unless Fixed can take images of this size."""
    if height != 40:
        raise ValueError(
            f"Fixed takes images whose height is 40; found {height} x {width}."
        )
    if width != 24:
        raise ValueError(
            f"Fixed takes images whose width is 24; found {height} x {width}."
        )


class Distance(nn.Module):
    """Makes "distance"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.step1 = Step(channels, 4, 3)
        self.conv1 = nn.Conv2d(4, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(self.step1(x))
        return x


class Step(nn.Module):
    def __init__(self, channels: int, c: int, kernel: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, kernel, padding="same")

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
