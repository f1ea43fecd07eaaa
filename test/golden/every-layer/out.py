# Made by unetc from spec.unet; edits are lost.
import math
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Outputs(NamedTuple):
    """What EveryLayer gives."""

    mask: Tensor
    edges: Tensor


class Predictions(NamedTuple):
    """What EveryLayer predicts."""

    mask: Tensor
    edges: Tensor


class EveryLayer(nn.Module):
    """One of each layer, in no network's order.

    Takes images of 3 channels whose height is at least 5, and whose width is at least
    7. "mask" is as large and holds logits in 2 channels, of which softmax makes
    probabilities. "edges" is as large and holds logits in 1 channel, of which sigmoid
    makes probabilities. 2,455 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """

    def __init__(self) -> None:
        super().__init__()
        self.a = A(3)
        self.b = B(4)
        self.c = C(8)
        self.e = E(12)
        self.f = FBlock(4)
        self.j = J(8)
        self.mask = Conv(8, 2)
        self.edges = Conv(4, 1)

    def forward(self, image: Tensor) -> Outputs:
        a = self.a(image)  # [N, 4, H - 2, W - 4]
        b = self.b(a)  # [N, 8, H - 2, W - 4]
        x = F.silu(F.max_pool2d(b, 2))
        c = self.c(x)  # [N, 4, 2 floor(H / 2) - 2, 2 floor(W / 2) - 4]
        x = F.interpolate(c, size=b.shape[2:], mode="bilinear", align_corners=False)
        x = F.avg_pool2d(torch.cat([b, x], 1), 3, stride=2)
        d = F.gelu(x)  # [N, 12, ceil(H / 2) - 2, ceil(W / 2) - 3]
        e = self.e(d, c)  # [N, 8, 2 floor(H / 2) - 2, 2 floor(W / 2) - 4]
        f = self.f(c, e)  # [N, 8, 2 floor(H / 2) - 2, 2 floor(W / 2) - 4]
        x = F.max_pool2d(f, 3, stride=2, ceil_mode=True)
        x = F.interpolate(x, scale_factor=(2, 1), mode="nearest")
        # [N, 8, floor(H / 2) - 1, floor(W / 2) - 2]
        g = F.avg_pool2d(x, (2, 1), ceil_mode=True)
        x = resize_asymmetric(g, (2 * g.shape[2], 2 * g.shape[3]))
        x = F.dropout2d(x, 0.1, self.training)
        # [N, 8, H, W]
        h = F.interpolate(x, size=image.shape[2:], mode="bilinear", align_corners=False)
        x = F.pad(h, (3, 4, 1, 2), mode="reflect")[:, :, 1:-2, 3:-4]
        j = self.j(f, crop_to(F.pad(x, (2, 2, 2, 2)), image))  # [N, 8, H, W]
        x = pad_to(j[:, :, 1:-1, 1:-1], image)
        x = F.dropout(x, 0.2, self.training)
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        # [N, 8, H, W]
        k = F.interpolate(x, size=image.shape[2:], mode="bilinear", align_corners=True)

        mask = self.mask(k)  # [N, 2, H, W]
        x = F.interpolate(a, size=image.shape[2:], mode="bilinear", align_corners=False)
        edges = self.edges(x)  # [N, 1, H, W]
        return Outputs(mask=mask, edges=edges)

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Predictions:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Outputs = self.eval()(image)
        return Predictions(mask=outputs.mask.softmax(1), edges=outputs.edges.sigmoid())


def check_size(height: int, width: int) -> None:
    """Raises unless EveryLayer can take images of this size."""
    if height < 5:
        raise ValueError(
            "EveryLayer takes images whose height is at least 5; "
            f"found {height} x {width}."
        )
    if width < 7:
        raise ValueError(
            "EveryLayer takes images whose width is at least 7; "
            f"found {height} x {width}."
        )


class BatchNorm(nn.BatchNorm2d):
    """Batch normalisation as Keras does it: the running variance follows that of the
    batch itself. PyTorch's own follows n / (n - 1) times it, for n values of a channel.
    """

    momentum: float
    running_var: Tensor

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        mean, variance = self.running_mean, self.running_var.clone()
        weight, bias, momentum = self.weight, self.bias, self.momentum
        result = F.batch_norm(
            input, mean, variance, weight, bias, True, momentum, self.eps
        )
        count = input.numel() // input.shape[1]
        self.running_var.mul_(1 - momentum).lerp_(variance, 1 - 1 / count)
        return result


class A(nn.Module):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(channels, 4, (3, 5)))
        self.conv2 = glorot_uniform(nn.Conv2d(4, 4, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        x = F.leaky_relu(self.conv1(x), 0.01, inplace=True)
        return F.relu6(self.conv2(x), inplace=True)


class B(nn.Module):
    """Makes "b"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.depthwise_conv1 = he_normal(
            nn.Conv2d(channels, channels * 2, 3, padding=1, groups=channels)
        )
        self.depthwise_conv2 = he_normal(
            nn.Conv2d(
                channels * 2,
                channels * 2,
                5,
                padding=2,
                groups=channels * 2,
                bias=False,
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        x = F.elu(self.depthwise_conv1(x), inplace=True)
        return F.selu(self.depthwise_conv2(x), inplace=True)


class C(nn.Module):
    """Makes "c"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv_transpose1 = he_normal(nn.ConvTranspose2d(channels, 4, 2, stride=2))

    def forward(self, x: Tensor) -> Tensor:
        return F.hardswish(self.conv_transpose1(x))


class E(nn.Module):
    """Makes "e"."""

    def __init__(self, d_channels: int) -> None:
        super().__init__()
        self.conv_transpose1 = he_normal(
            nn.ConvTranspose2d(d_channels, 8, 4, stride=2, padding=1)
        )

    def forward(self, d: Tensor, c: Tensor) -> Tensor:
        x = F.mish(self.conv_transpose1(d))
        return F.interpolate(x, size=c.shape[2:], mode="nearest")


class FBlock(nn.Module):
    """Makes "f"."""

    def __init__(self, c_channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(c_channels, 8, 1))
        self.batch_norm1 = BatchNorm(8, eps=0.001)

    def forward(self, c: Tensor, e: Tensor) -> Tensor:
        x = self.batch_norm1(self.conv1(c) + e)
        return torch.tanh(x)


class J(nn.Module):
    """Makes "j"."""

    def __init__(self, f_channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(f_channels, 8, 1))

    def forward(self, f: Tensor, x: Tensor) -> Tensor:
        y = self.conv1(f)
        y = F.interpolate(y, size=x.shape[2:], mode="bilinear", align_corners=False)
        subtract = x - y
        global_avg_pool = x.mean((2, 3), keepdim=True)
        global_max_pool = x.amax((2, 3), keepdim=True)
        return subtract * global_avg_pool * global_max_pool


class Conv(nn.Module):
    """Makes "mask", "edges"."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.conv1 = he_normal(nn.Conv2d(channels_in, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


def crop_to(x: Tensor, like: Tensor, half_even: bool = False) -> Tensor:
    """Cuts the centre of x to the height and width of another tensor; of an odd row or
    column more goes below and right, or half of all is rounded to even.
    """
    height, width = like.shape[2:]
    rows, columns = x.shape[2] - height, x.shape[3] - width
    top = round(rows / 2) if half_even else rows // 2
    left = round(columns / 2) if half_even else columns // 2
    return x[:, :, top : top + height, left : left + width]


def pad_to(x: Tensor, like: Tensor) -> Tensor:
    """Adds zeros around x up to the height and width of another tensor."""
    rows, columns = like.shape[2] - x.shape[2], like.shape[3] - x.shape[3]
    top, left = rows // 2, columns // 2
    return F.pad(x, (left, columns - left, top, rows - top))


def resize_asymmetric(x: Tensor, size: tuple[int, int] | torch.Size) -> Tensor:
    """Bilinear, output pixel i lying at i * in / out, as TensorFlow 1 has it."""
    for axis in (2, 3):
        old, new = x.shape[axis], size[axis - 2]
        place = torch.arange(new, device=x.device, dtype=x.dtype) * (old / new)
        low = place.floor().long().clamp(max=old - 1)
        high = (low + 1).clamp(max=old - 1)
        share = (place - low).view(-1, *[1] * (3 - axis))
        x = torch.lerp(x.index_select(axis, low), x.index_select(axis, high), share)
    return x


Convolution = TypeVar("Convolution", nn.Conv2d, nn.ConvTranspose2d)


def he_normal(module: Convolution) -> Convolution:
    """He et al. 2015: variance 2 / fan_in, normal."""
    nn.init.normal_(module.weight, std=math.sqrt(2 / fans(module)[0]))
    if module.bias is not None:
        nn.init.zeros_(module.bias)
    return module


def glorot_uniform(module: Convolution) -> Convolution:
    """Glorot and Bengio 2010: variance 2 / (fan_in + fan_out), uniform."""
    limit = math.sqrt(6 / sum(fans(module)))
    nn.init.uniform_(module.weight, -limit, limit)
    if module.bias is not None:
        nn.init.zeros_(module.bias)
    return module


def fans(module: nn.Conv2d | nn.ConvTranspose2d) -> tuple[float, float]:
    """How many values one output sees, and how many outputs one value reaches."""
    taps = math.prod(module.kernel_size)
    if isinstance(module, nn.ConvTranspose2d):
        seen = max(1.0, taps / math.prod(module.stride))
        return seen * module.in_channels, taps * module.out_channels
    if 1 < module.groups == module.in_channels:
        return taps, taps * module.out_channels / module.groups
    return taps * module.in_channels / module.groups, taps * module.out_channels
