# Made by unetc from spec.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Shared(nn.Module):
    """Two halves of an image through one look, whose map a recurrent step refines.

    Takes images of 2 channels whose height and width are at least 2; "mask" is [N, 1, 2
    floor(H / 2), 2 floor(W / 2)] and holds logits in 1 channel, of which sigmoid makes
    probabilities. 1,229 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, base: int = 4) -> None:
        super().__init__()
        self.left = nn.Conv2d(2, 2, 1)
        self.right = nn.Conv2d(2, 2, 3, padding=1)
        self.look = Look(2, base)
        self.gate = Gate(base, base)
        self.change = Recurrent(base, 2 * base)
        self.up = Up(2 * base)
        self.mask = Mask(2 * base)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        left = self.left(image)  # [N, 2, H, W]
        right = self.right(image)  # [N, 2, H, W]
        a = self.gate(self.look(left))  # [N, 4, floor(H / 2), floor(W / 2)]
        b = self.gate(self.look(right))  # [N, 4, floor(H / 2), floor(W / 2)]
        change = self.change(a - b)  # [N, 8, floor(H / 2), floor(W / 2)]
        c = self.up(change)  # [N, 8, 2 floor(H / 2), 2 floor(W / 2)]
        x = F.relu(change)
        d = self.up(x)  # [N, 8, 2 floor(H / 2), 2 floor(W / 2)]
        e = c + d  # [N, 8, 2 floor(H / 2), 2 floor(W / 2)]

        mask: Tensor = self.mask(e)  # [N, 1, 2 floor(H / 2), 2 floor(W / 2)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless Shared can take images of this size."""
    for size in (height, width):
        if size < 2:
            raise ValueError(
                "Shared takes images whose height and width are at least 2; "
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


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Look(nn.Module):
    """Both halves meet the same layers."""

    def __init__(self, channels: int, base: int) -> None:
        super().__init__()
        self.double_conv1 = DoubleConv(channels, base)

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool2d(self.double_conv1(x), 2)


class Gate(nn.Module):
    def __init__(self, channels: int, base: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, base, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.sigmoid(self.conv1(x.mean((2, 3), keepdim=True)))
        return y * x


class Up(nn.ConvTranspose2d):
    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels, 2, stride=2)


class DoubleConv(nn.Conv2d):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c, c, 3, padding=1, bias=False)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.batch_norm1 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.batch_norm1(self.conv1(x)), inplace=True)
        return super().forward(x)


class Recurrent(nn.Module):
    """One convolution on its own result and what came in."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.x = nn.Conv2d(channels, c, 1)
        self.step = Step(c, c)

    def forward(self, x: Tensor) -> Tensor:
        x_tensor = self.x(x)
        h = self.step(x_tensor)
        h_1 = self.step(x_tensor + h)
        h_2: Tensor = self.step(x_tensor + h_1)
        return h_2


class Step(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.batch_norm1 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, std=math.sqrt(2 / fan_in(module)))
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def fan_in(module: nn.Conv2d | nn.ConvTranspose2d) -> float:
    """How many values one output sees; of a transposed kernel, kernel / stride taps."""
    taps: float = math.prod(module.kernel_size)
    if isinstance(module, nn.ConvTranspose2d):
        taps = max(1.0, taps / math.prod(module.stride))
    return taps * module.in_channels / module.groups
