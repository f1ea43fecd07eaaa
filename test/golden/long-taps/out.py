# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LongTaps(nn.Module):
    """An encoder whose taps are made by more than one operation.

    Takes images of 3 channels whose height and width are 0 or 3 mod 4, from 3 on;
    "mask" is [N, 1, 2 ceil(H / 2), 2 ceil(W / 2)] and holds logits in 1 channel, of
    which sigmoid makes probabilities. 3,889 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """

    def __init__(self) -> None:
        super().__init__()
        self.steps = Steps(3)
        self.d1 = D1(24)
        self.mask = Mask(8)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        s2, s4 = self.steps(image)
        s4_tensor = F.relu(s4, inplace=True)  # [N, 16, ceil(H / 4), ceil(W / 4)]

        # [N, 16, ceil(H / 2), ceil(W / 2)]
        u1 = F.interpolate(s4_tensor, scale_factor=2, mode="nearest")
        d1 = self.d1(torch.cat([u1, s2], 1))  # [N, 8, ceil(H / 2), ceil(W / 2)]

        mask: Tensor = self.mask(d1)  # [N, 1, 2 ceil(H / 2), 2 ceil(W / 2)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless LongTaps can take images of this size."""
    for size in (height, width):
        if size < 3 or size % 4 not in (0, 3):
            raise ValueError(
                "LongTaps takes images whose height and width are 0 or 3 mod 4, from 3 "
                f"on; found {height} x {width}."
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


class S2(nn.Module):
    """Makes "s2"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 7, stride=2, padding=3)
        self.batch_norm1 = BatchNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


class S4(nn.Module):
    """Makes "s4"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Steps(nn.Module):
    """Makes "steps"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.s2 = S2(channels)
        self.x_1 = Separable(8, 16)
        self.x_2 = Separable(16, 16)
        self.s4 = S4(16)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        s2 = self.s2(x)
        x_tensor = F.max_pool2d(s2, 2)
        x_1 = self.x_1(x_tensor)
        x_2 = self.x_2(x_1)
        s4 = self.s4(x_2)
        return s2, s4


class D1(nn.Module):
    """Makes "d1"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(self.conv1(x), scale_factor=2, mode="nearest")


class Separable(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, 3, padding=1, groups=channels
        )
        self.conv1 = nn.Conv2d(channels, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(self.depthwise_conv1(x)), inplace=True)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
