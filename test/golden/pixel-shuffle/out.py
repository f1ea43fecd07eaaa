# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PixelShuffle(nn.Module):
    """Channels moved into space in both orders.

    Takes images of 1 channel whose height and width are 0 or 3 mod 4, from 3 on; "mask"
    is [N, 1, 2 ceil(H / 2), 2 ceil(W / 2)] and holds logits in 1 channel, of which
    sigmoid makes probabilities. 3,181 parameters.

    Values are divided by the largest of their type (255 for 8 bits).
    """

    def __init__(self) -> None:
        super().__init__()
        self.a = A(1)
        self.b = ShuffledConv(8, 2)
        self.c = C(8)
        self.d = ShuffledConv(8, 4)
        self.mask = Mask(12)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 8, ceil(H / 2), ceil(W / 2)]
        b = self.b(a)  # [N, 4, 2 ceil(H / 2), 2 ceil(W / 2)]
        c = self.c(a)  # [N, 4, 2 ceil(H / 2), 2 ceil(W / 2)]
        d = self.d(F.max_pool2d(a, 2))  # [N, 4, 2 ceil(H / 2), 2 ceil(W / 2)]

        x = torch.cat([b, c, d], 1)
        mask: Tensor = self.mask(x)  # [N, 1, 2 ceil(H / 2), 2 ceil(W / 2)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless PixelShuffle can take images of this size."""
    for size in (height, width):
        if size < 3 or size % 4 not in (0, 3):
            raise ValueError(
                "PixelShuffle takes images whose height and width are 0 or 3 mod 4, "
                f"from 3 on; found {height} x {width}."
            )


class A(nn.Module):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


class ShuffledConv(nn.Conv2d):
    """Makes "b", "d"."""

    def __init__(self, channels: int, factor: int) -> None:
        super().__init__(factor * factor * 2 // (factor * factor), 4, 1)
        self.shuffled1 = Shuffled(channels, factor)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.shuffled1(x))


class C(nn.Module):
    """Makes "c"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 16, 1)

    def forward(self, x: Tensor) -> Tensor:
        return shuffle_channels_last(self.conv1(x), 2)


class Mask(nn.Module):
    """Makes "mask"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return x


class Shuffled(nn.Module):
    def __init__(self, channels: int, factor: int) -> None:
        super().__init__()
        self.factor = factor
        self.conv1 = nn.Conv2d(channels, factor * factor * 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(self.conv1(x), self.factor)


def shuffle_channels_last(x: Tensor, factor: int) -> Tensor:
    """F.pixel_shuffle of channels in TensorFlow's order (i * factor + j) * c + k."""
    count, channels, height, width = x.shape
    parts = x.reshape(count, factor * factor, -1, height, width).transpose(1, 2)
    return F.pixel_shuffle(parts.reshape(count, channels, height, width), factor)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
