# Made by unetc from spec.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Scaled(nn.Module):
    """Widths that are worked out: no expression of a module, so calls give numbers.

    Takes images of 3 channels whose height and width are multiples of 2; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities. 34,524
    parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, base: int = 8) -> None:
        super().__init__()
        self.s1 = S1(3, base)
        self.s2 = S2(base, base, math.floor(1.3 * base + 0.5))
        self.s3 = S3(math.floor(1.3 * base + 0.5), 2 * base)
        self.d1 = Inverted(base * 3, base)
        self.mask = Mask(base)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        s1 = self.s1(image)  # [N, 8, H, W]
        s2 = as_class(S2, self.s2, s1)  # [N, 10, H / 2, W / 2]
        s3 = as_class(S3, self.s3, s2)  # [N, 16, H / 2, W / 2]
        # [N, 16, H, W]
        u1 = F.interpolate(s3, scale_factor=2, mode="bilinear", align_corners=False)
        d1 = as_class(Inverted, self.d1, torch.cat([s1, u1], 1))  # [N, 8, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless Scaled can take images of this size."""
    for size in (height, width):
        if size < 2 or size % 2 != 0:
            raise ValueError(
                "Scaled takes images whose height and width are multiples of 2; "
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


class Weight(nn.Module):
    """Makes "weight"."""

    def __init__(self, channels_in: int, channels: int, channels2: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 1)
        self.conv2 = nn.Conv2d(channels, channels2, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return torch.sigmoid(self.conv2(x))


class S1(nn.Module):
    """Makes "s1"."""

    def __init__(self, channels: int, base: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, base, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(self.conv1(x), inplace=True)


class Inverted(BatchNorm):
    """A wide depthwise convolution between two narrow ones, with squeezed channels."""

    def __init__(self, channels: int, c: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__(c)
        self.kernel = kernel
        self.stride_value = stride
        self.conv1 = nn.Conv2d(
            channels, math.floor(channels * 5.5 + 0.5), 1, bias=False
        )
        self.batch_norm1 = BatchNorm(math.floor(channels * 5.5 + 0.5))
        self.depthwise_conv1 = nn.Conv2d(
            math.floor(channels * 5.5 + 0.5),
            math.floor(channels * 5.5 + 0.5),
            kernel,
            stride=stride,
            groups=math.floor(channels * 5.5 + 0.5),
            bias=False,
        )
        self.batch_norm2 = BatchNorm(math.floor(channels * 5.5 + 0.5))
        self.squeeze1 = Squeeze(math.floor(channels * 5.5 + 0.5))
        self.conv2 = nn.Conv2d(math.floor(channels * 5.5 + 0.5), c, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu6(self.batch_norm1(self.conv1(x)), inplace=True)
        x = self.depthwise_conv1(pad_same(x, self.kernel, self.stride_value))
        x = F.relu6(self.batch_norm2(x), inplace=True)
        return as_norm(BatchNorm, self, self.conv2(self.squeeze1(x)))


class S2(Inverted):
    """Makes "s2"."""

    def __init__(self, channels: int, base: int, c: int) -> None:
        super().__init__(base, c, 2)
        self.inverted1 = Inverted(channels, base)

    def forward(self, x: Tensor) -> Tensor:
        x = as_class(Inverted, self.inverted1, x)
        return Inverted.forward(self, x)


class S3(Inverted):
    """Makes "s3"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c, c, kernel=5)
        self.inverted1 = Inverted(channels, c)

    def forward(self, x: Tensor) -> Tensor:
        x = as_class(Inverted, self.inverted1, x)
        return Inverted.forward(self, x)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Squeeze(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = Weight(channels, max(4, math.floor(channels / 4 + 0.5)), channels)

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight(x.mean((2, 3), keepdim=True))
        x = x * weight
        return x


def as_class(of: type[nn.Module], module: nn.Module, *inputs: Tensor) -> Tensor:
    """A module whose class derives from its last layer, a norm; also where
    nn.SyncBatchNorm.convert_sync_batchnorm has put another norm in its place.
    """
    is_whole = isinstance(module, of)
    result: Tensor = module(*inputs) if is_whole else of.forward(module, *inputs)
    return result


def as_norm(of: type[nn.BatchNorm2d], module: nn.Module, x: Tensor) -> Tensor:
    """The norm alone that a module ends in."""
    result: Tensor = of.forward(module, x) if isinstance(module, of) else module(x)
    return result


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


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
