# Made by unetc from spec.unet; edits are lost.
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Outputs(NamedTuple):
    """What Captured gives."""

    mask: Tensor
    copy: Tensor


class Predictions(NamedTuple):
    """What Captured predicts."""

    mask: Tensor
    copy: Tensor


class Captured(nn.Module):
    """Blocks that read tensors in every way there is.

    Takes images of 3 channels whose height and width are at least 4. "mask" is as large
    and holds logits in 1 channel, of which sigmoid makes probabilities. "copy" is as
    large and holds logits in 4 channels, of which sigmoid makes probabilities. 1,185
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: base = 4.
    """

    def __init__(self) -> None:
        super().__init__()
        self.e1 = E1(3)
        self.e2 = AroundWithMaxPool(4)
        self.e3 = Outer(4)
        self.e5 = Pick(4, 4)
        self.e6 = Pair(4, 4)
        self.e7 = Pair2(4)
        self.e8 = E8(4)
        self.e9 = E9(4)
        self.mask = Mask(4)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Outputs:
        e1 = self.e1(image)  # [N, 4, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2), e1)  # [N, 4, H, W]
        e3 = self.e3(e2, e1)  # [N, 4, H, W]
        e5 = self.e5(e3, e1)  # [N, 4, H, W]
        e6 = self.e6(e5, e3)  # [N, 4, H, W]
        e7 = self.e7(e6)  # [N, 4, H, W]
        e8 = self.e8(e7)  # [N, 4, H, W]
        e9 = self.e9(e8)  # [N, 4, H, W]

        mask = self.mask(e9)  # [N, 1, H, W]
        return Outputs(mask=mask, copy=e9)

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Predictions:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Outputs = self.eval()(image)
        return Predictions(mask=outputs.mask.sigmoid(), copy=outputs.copy.sigmoid())


def check_size(height: int, width: int) -> None:
    """Raises unless Captured can take images of this size."""
    for size in (height, width):
        if size < 4:
            raise ValueError(
                "Captured takes images whose height and width are at least 4; "
                f"found {height} x {width}."
            )


class Double(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv2 = nn.Conv2d(channels, c, 3, padding=1)
        self.conv3 = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv2(x), inplace=True)
        return F.relu(self.conv3(x), inplace=True)


class E1(Double):
    """Makes "e1"."""

    def __init__(self, channels: int) -> None:
        super().__init__(4, 4)
        self.conv1 = nn.Conv2d(channels, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.conv1(x))


class E8(nn.Module):
    """Makes "e8"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.ignore1 = Ignore(channels)
        self.maybe1 = Maybe(4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maybe1(self.ignore1(x))
        return x


class E9(nn.Module):
    """Makes "e9"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 4, 1)
        self.conv2 = nn.Conv2d(channels, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        conv = self.conv1(x)
        relu = F.relu(self.conv2(x), inplace=True)
        x = conv + relu + x
        return x


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class AroundWithMaxPool(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 4, 3, padding=1)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        y = F.relu(x)
        y = F.max_pool2d(self.conv1(y), 2)
        return F.interpolate(
            y, size=other.shape[2:], mode="bilinear", align_corners=False
        )


class Around(nn.Module):
    """Like AroundWithMaxPool, here without max_pool."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 4, 1)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        y = F.relu(x)
        y = F.relu(self.conv1(y), inplace=True)
        return F.interpolate(
            y, size=other.shape[2:], mode="bilinear", align_corners=False
        )


class Outer(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.h = Around(channels)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        h = self.h(x, other)
        x = h + x
        return x


class Pick(nn.Module):
    def __init__(self, input1_channels: int, input2_channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(input1_channels + input2_channels, 4, 1)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        all = torch.cat([input1, input2], 1)
        result: Tensor = self.conv1(all) + input2
        return result


class Pair(nn.Conv2d):
    def __init__(self, channels: int, right_channels: int) -> None:
        super().__init__(channels * 2 + right_channels, 4, 1)

    def forward(self, x: Tensor, right: Tensor) -> Tensor:  # type: ignore[override]
        return super().forward(torch.cat([x, x, right], 1))


class Pair2(nn.Conv2d):
    """Like Pair of other steps."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels * 3, 4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(torch.cat([x, x, x], 1))


class Ignore(nn.Conv2d):
    def __init__(self, channels: int) -> None:
        super().__init__(channels, 4, 3, padding=1)


class Maybe(nn.Conv2d):
    """Here really = true."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(x)
        return super().forward(x)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
