# Made by unetc from spec.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Unpools(nn.Module):
    """Pools that are undone: by their name, by what they read, in a block, and with
    padding.

    Takes images of 3 channels whose height and width are at least 2; "mask" is as large
    and holds logits in 1 channel, of which sigmoid makes probabilities. 569 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, base: int = 4) -> None:
        super().__init__()
        self.a = ConvRelu(3, base)
        self.b = ConvRelu(base, base)
        self.c = C(base, base)
        self.mask = Mask(base * 3)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 4, H, W]
        p = F.max_pool2d(a, 2)  # [N, 4, floor(H / 2), floor(W / 2)]
        b = self.b(p)  # [N, 4, floor(H / 2), floor(W / 2)]
        # [N, 4, floor((H + 2) / 4), floor((W + 4) / 6)]
        q = F.max_pool2d(pad_same(b, (2, 3), (2, 3), value=float("-inf")), (2, 3))
        c = self.c(q, b)  # [N, 4, floor(H / 2), floor(W / 2)]
        d = max_unpool(b + c, a, (2, 2))  # [N, 4, H, W]
        x = torch.tanh(F.max_pool2d(d, 2, stride=3, ceil_mode=True))
        e = max_unpool_padded(x, d, (2, 2), (3, 3), (0, 0, 0, 0))  # [N, 4, H, W]

        mask: Tensor = self.mask(torch.cat([a, d, e], 1))  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless Unpools can take images of this size."""
    for size in (height, width):
        if size < 2:
            raise ValueError(
                "Unpools takes images whose height and width are at least 2; "
                f"found {height} x {width}."
            )


class ConvRelu(nn.Module):
    """Makes "a", "b"."""

    def __init__(self, channels: int, base: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, base, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


class Back(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv2 = nn.Conv2d(channels, c, 3, padding=1)

    def forward(self, x: Tensor, pooled: Tensor) -> Tensor:
        y = max_unpool_padded(x, pooled, (2, 3), (2, 3), None)
        return F.relu(self.conv2(y), inplace=True)


class C(Back):
    """Makes "c"."""

    def __init__(self, q_channels: int, base: int) -> None:
        super().__init__(base, base)
        self.conv1 = nn.Conv2d(q_channels, base, 3, padding=1)

    def forward(self, q: Tensor, b: Tensor) -> Tensor:
        x = F.relu(self.conv1(q), inplace=True)
        return super().forward(x, b)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


def max_unpool(
    x: Tensor,
    image: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int] | None = None,
) -> Tensor:
    """Puts x where a max pooling of an image finds its maxima, and zeros elsewhere."""
    _, indices = F.max_pool2d(image, size, stride, return_indices=True)
    return F.max_unpool2d(x, indices, size, stride, output_size=image.shape[2:])


def max_unpool_padded(
    x: Tensor,
    image: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int],
    edges: tuple[int, int, int, int] | None,
    ceil: bool = True,
) -> Tensor:
    """max_unpool of a pooling with edges (left, right, top, bottom), or of
    ceil(size / stride) windows without; with `ceil` it keeps a last, partial one.
    """
    padded = pad_windows(image, size, stride, edges, ceil)
    rows, columns = (padded.shape[axis] - image.shape[axis] for axis in (2, 3))
    left, top = max(columns, 0) // 2, max(rows, 0) // 2
    if edges is not None:
        left, top = edges[0], edges[2]
    whole = max_unpool(x, padded, size, stride)
    return F.pad(whole, (-left, left - columns, -top, top - rows))


def pad_same(
    x: Tensor,
    kernel: int | tuple[int, int],
    stride: int | tuple[int, int],
    dilation: int | tuple[int, int] = 1,
    value: float = 0.0,
) -> Tensor:
    """Adds what ceil(size / stride) windows need, the odd pixel below and right."""
    edges: list[int] = []
    for axis in (1, 0):
        k, s, d = (
            each if isinstance(each, int) else each[axis]
            for each in (kernel, stride, dilation)
        )
        size = x.shape[2 + axis]
        needed = (math.ceil(size / s) - 1) * s + (k - 1) * d + 1 - size
        added = max(needed, 0)
        edges += [added // 2, added - added // 2]
    return F.pad(x, edges, value=value)


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


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
