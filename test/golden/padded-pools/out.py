# Made by unetc from spec.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PaddedPools(nn.Module):
    """Pools whose windows lie beyond the image.

    Takes images of 3 channels, of any size; "mask" is as large and holds logits in 1
    channel, of which sigmoid makes probabilities. 2,401 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = Stem(3)
        self.a = A(8)
        self.c = C(8)
        self.mask = Mask(12)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        stem = self.stem(image)  # [N, 8, ceil(H / 4), ceil(W / 4)]
        a = self.a(stem)  # [N, 8, ceil(H / 4), ceil(W / 4)]
        # [N, 8, ceil(H / 4), ceil(W / 4)]
        b = padded_mean(a, (3, 2), (1, 1), (1, 0, 1, 1))
        x = F.max_pool2d(b, 3, stride=2, padding=1, ceil_mode=True)
        c = self.c(x, b)  # [N, 4, ceil(H / 4), ceil(W / 4)]

        mask: Tensor = self.mask(torch.cat([b, c], 1), image)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


class Stem(nn.Module):
    """Makes "stem"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 7, stride=2, padding=3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return F.max_pool2d(x, 3, stride=2, padding=1)


class PooledSize5(nn.Module):
    """Like PooledSize3, here size = 5."""

    def __init__(self, channels: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.avg_pool2d(x, self.size, stride=1, padding=2, count_include_pad=False)
        return F.relu(self.conv1(x), inplace=True)


class A(PooledSize5):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__(8, 5)
        self.pooled1 = PooledSize3(channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.pooled1(x))


class C(nn.Module):
    """Makes "c"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 4, 1)

    def forward(self, x: Tensor, b: Tensor) -> Tensor:
        y = self.conv1(x)
        return F.interpolate(y, size=b.shape[2:], mode="bilinear", align_corners=False)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        y = self.conv1(x)
        return F.interpolate(
            y, size=other.shape[2:], mode="bilinear", align_corners=False
        )


class PooledSize3(nn.Module):
    def __init__(self, channels: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.avg_pool2d(x, self.size, stride=1, padding=1, count_include_pad=False)
        return F.relu(self.conv1(x), inplace=True)


def pad_windows(
    x: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int],
    edges: tuple[int, int, int, int] | None,
    ceil: bool = True,
    value: float = float("-inf"),
) -> Tensor:
    """Adds edges (left, right, top, bottom) so that windows without padding are those
    of a pool: ceil(size / stride) of them without edges; with `ceil` a last, partial
    one counts that begins inside the image or its first edge.
    """
    added: list[int] = []
    for axis in (1, 0):
        have, window, step = x.shape[2 + axis], size[axis], stride[axis]
        if edges is None:
            count = math.ceil(have / step)
            first = max((count - 1) * step + window - have, 0) // 2
        else:
            first, last = edges[2 * (1 - axis)], edges[2 * (1 - axis) + 1]
            beyond = have + first + last - window
            count = beyond // step + 1
            if ceil:
                count = min(-(-beyond // step) + 1, -(-(have + first) // step))
        added += [first, (count - 1) * step + window - have - first]
    return F.pad(x, added, value=value)


def padded_mean(
    x: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int],
    edges: tuple[int, int, int, int] | None,
    ceil: bool = False,
) -> Tensor:
    """The means of windows over the pixels that exist."""
    ones = torch.ones_like(x[:1, :1])
    padded, counts = (
        F.avg_pool2d(pad_windows(each, size, stride, edges, ceil, 0.0), size, stride)
        for each in (x, ones)
    )
    return padded / counts


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
