# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Nested(nn.Module):
    """Blocks in blocks: arguments, defaults and stages go through.

    Takes images of 3 channels whose height and width are multiples of 4; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 4,677
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from it: base = 4.
    """

    def __init__(self) -> None:
        super().__init__()
        self.e1 = E1(3)
        self.e2 = Twice(4, 8)
        self.e3 = AroundRate05(8, 0.5)
        self.d2 = Merge(8, 8, 8)
        self.d1 = Merge(4, 8, 4)
        self.mask = Mask(4)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 4, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 8, H / 2, W / 2]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 8, H / 4, W / 4]
        u2 = F.interpolate(e3, scale_factor=2, mode="nearest")  # [N, 8, H / 2, W / 2]
        d2 = self.d2(e2, u2)  # [N, 8, H / 2, W / 2]
        u1 = F.interpolate(d2, scale_factor=2, mode="nearest")  # [N, 8, H, W]
        d1 = self.d1(e1, u1)  # [N, 4, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless Nested can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "Nested takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


class Inner(nn.Module):
    """Makes "inner"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


class E1(nn.Module):
    """Makes "e1"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.twice1 = Twice(channels, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.twice1(x)
        return x


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.around1 = AroundRate025(channels, 0.25)

    def forward(self, x: Tensor) -> Tensor:
        x = self.around1(x)
        return x


class Step(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 2 * c, 1)
        self.conv2 = nn.Conv2d(2 * c, c, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return F.relu(self.conv2(x), inplace=True)


class Twice(Step):
    """One step after another, half as wide in between."""

    def __init__(self, channels: int, w: int) -> None:
        super().__init__(w // 2, w)
        self.step1 = Step(channels, w // 2)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.step1(x))


class Merge(Twice):
    def __init__(self, input1_channels: int, input2_channels: int, w: int) -> None:
        super().__init__(input1_channels + input2_channels, w)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:  # type: ignore[override]
        return super().forward(torch.cat([input1, input2], 1))


class AroundRate05(nn.Module):
    def __init__(self, channels: int, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.inner = Inner(channels)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.inner(F.dropout(x, self.rate, self.training))
        return F.dropout2d(inner, self.rate, self.training)


class AroundRate025(nn.Module):
    """Like AroundRate05, here rate = 0.25."""

    def __init__(self, channels: int, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.inner = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.inner(F.dropout(x, self.rate, self.training))
        return F.dropout2d(inner, self.rate, self.training)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
