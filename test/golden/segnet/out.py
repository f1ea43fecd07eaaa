# Made by unetc from segnet.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class SegNet(nn.Module):
    """SegNet (Badrinarayanan et al. 2017): the thirteen convolutions of VGG-16 down, as
    many up. No map is carried across: the decoder puts values where the pools found
    their maxima.

    Takes images of 3 channels whose height and width are at least 32; "mask" is as
    large and holds logits in 12 channels, of which softmax makes probabilities.
    29,465,804 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, classes: int = 12, base: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.e1 = UnitUnit(channels, base, base)
        self.e2 = UnitUnit(base, base * 2, base * 2)
        self.e3 = UnitUnitUnit(base * 2, base * 4, base * 4)
        self.e4 = UnitUnitUnit(base * 4, base * 8, base * 8)
        self.e5 = UnitUnitUnit(base * 8, base * 8, base * 8)
        self.d5 = UnitUnitUnit(base * 8, base * 8, base * 8)
        self.d4 = UnitUnitUnit(base * 8, base * 8, base * 4)
        self.d3 = UnitUnitUnit(base * 4, base * 4, base * 2)
        self.d2 = UnitUnit(base * 2, base * 2, base)
        self.d1 = Unit(base, base)
        self.mask = nn.Conv2d(base, classes, 3, padding=1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 64, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 128, floor(H / 2), floor(W / 2)]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 256, floor(H / 4), floor(W / 4)]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, floor(H / 8), floor(W / 8)]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 512, floor(H / 16), floor(W / 16)]

        x = F.max_pool2d(e5, 2)
        u5 = max_unpool(x, e5, (2, 2))  # [N, 512, floor(H / 16), floor(W / 16)]
        d5 = self.d5(u5)  # [N, 512, floor(H / 16), floor(W / 16)]
        u4 = max_unpool(d5, e4, (2, 2))  # [N, 512, floor(H / 8), floor(W / 8)]
        d4 = self.d4(u4)  # [N, 256, floor(H / 8), floor(W / 8)]
        u3 = max_unpool(d4, e3, (2, 2))  # [N, 256, floor(H / 4), floor(W / 4)]
        d3 = self.d3(u3)  # [N, 128, floor(H / 4), floor(W / 4)]
        u2 = max_unpool(d3, e2, (2, 2))  # [N, 128, floor(H / 2), floor(W / 2)]
        d2 = self.d2(u2)  # [N, 64, floor(H / 2), floor(W / 2)]
        u1 = max_unpool(d2, e1, (2, 2))  # [N, 64, H, W]
        d1 = self.d1(u1)  # [N, 64, H, W]

        mask: Tensor = self.mask(d1)  # [N, 12, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.softmax(1)


def check_size(height: int, width: int) -> None:
    """Raises unless SegNet can take images of this size."""
    for size in (height, width):
        if size < 32:
            raise ValueError(
                "SegNet takes images whose height and width are at least 32; "
                f"found {height} x {width}."
            )


class Unit(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.batch_norm1 = nn.BatchNorm2d(c)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


class UnitUnit(Unit):
    """Makes "e1", "e2", "d2"."""

    def __init__(self, channels: int, base: int, base2: int) -> None:
        super().__init__(base, base2)
        self.unit1 = Unit(channels, base)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.unit1(x))


class UnitUnitUnit(Unit):
    """Makes "e3", "e4", "e5", "d5", "d4", "d3"."""

    def __init__(self, channels: int, c: int, c2: int) -> None:
        super().__init__(c, c2)
        self.unit1 = Unit(channels, c)
        self.unit2 = Unit(c, c)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.unit2(self.unit1(x)))


def max_unpool(
    x: Tensor,
    image: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int] | None = None,
) -> Tensor:
    """Puts x where a max pooling of an image finds its maxima, and zeros elsewhere."""
    _, indices = F.max_pool2d(image, size, stride, return_indices=True)
    return F.max_unpool2d(x, indices, size, stride, output_size=image.shape[2:])


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
