# Made by unetc from spec.unet; edits are lost.
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Outputs(NamedTuple):
    """What GatedHeads gives."""

    present: Tensor
    mask_x1_1: Tensor
    mask: Tensor
    ensemble: Tensor


class Predictions(NamedTuple):
    """What GatedHeads predicts."""

    present: Tensor
    mask: Tensor
    ensemble: Tensor


class GatedHeads(nn.Module):
    """Columns supervised with a gate that a judge of the whole image opens.

    Takes images of 3 channels whose height and width are multiples of 4. "present" is
    [N, 2, 1, 1] and holds logits in 2 channels, of which sigmoid makes probabilities.
    "mask_x1_1", "mask" and "ensemble" are as large and hold probabilities (sigmoid) in
    2 channels. 4,392 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: judged = true.
    """

    def __init__(self, classes: int = 2, base: int = 4) -> None:
        super().__init__()
        self.e1 = Step(3, base)
        self.e2 = Step(base, base * 2)
        self.e3 = Step(base * 2, base * 4)
        self.x1_1 = Step(base * 3, base)
        self.x2_1 = Step(base * 6, base * 2)
        self.x1_2 = Step(base * 4, base)
        self.present = Present(base * 4, classes)
        self.mask_x1_1 = ConvSigmoidIsLargestMultiply(base, classes)
        self.mask = ConvSigmoidIsLargestMultiply(base, classes)
        self.ensemble = Ensemble(base, classes)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Outputs:
        e1 = self.e1(image)  # [N, 4, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 8, H / 2, W / 2]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 16, H / 4, W / 4]

        # [N, 8, H, W]
        u1_1 = F.interpolate(e2, scale_factor=2, mode="bilinear", align_corners=False)
        x1_1 = self.x1_1(torch.cat([e1, u1_1], 1))  # [N, 4, H, W]
        # [N, 16, H / 2, W / 2]
        u2_1 = F.interpolate(e3, scale_factor=2, mode="bilinear", align_corners=False)
        x2_1 = self.x2_1(torch.cat([e2, u2_1], 1))  # [N, 8, H / 2, W / 2]
        # [N, 8, H, W]
        u1_2 = F.interpolate(x2_1, scale_factor=2, mode="bilinear", align_corners=False)
        x1_2 = self.x1_2(torch.cat([e1, x1_1, u1_2], 1))  # [N, 4, H, W]

        global_avg_pool1, present = self.present(e3)
        mask_x1_1 = self.mask_x1_1(x1_1, present)  # [N, 2, H, W]
        mask = self.mask(x1_2, present)  # [N, 2, H, W]
        ensemble = self.ensemble(x1_1, mask)  # [N, 2, H, W]
        return Outputs(
            present=global_avg_pool1, mask_x1_1=mask_x1_1, mask=mask, ensemble=ensemble
        )

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Predictions:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Outputs = self.eval()(image)
        return Predictions(
            present=outputs.present.sigmoid(),
            mask=torch.mean(torch.stack([outputs.mask_x1_1, outputs.mask]), 0),
            ensemble=outputs.ensemble,
        )


def check_size(height: int, width: int) -> None:
    """Raises unless GatedHeads can take images of this size."""
    for size in (height, width):
        if size < 4 or size % 4 != 0:
            raise ValueError(
                "GatedHeads takes images whose height and width are multiples of 4; "
                f"found {height} x {width}."
            )


class Present(nn.Module):
    """Makes "present"."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, classes, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        global_avg_pool = self.conv1(x).mean((2, 3), keepdim=True)
        result = torch.sigmoid(global_avg_pool)
        return global_avg_pool, result


class ConvSigmoidIsLargestMultiply(nn.Module):
    """Makes "mask_x1_1", "mask"."""

    def __init__(self, x_channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(x_channels, classes, 1)

    def forward(self, x: Tensor, present: Tensor) -> Tensor:
        sigmoid = torch.sigmoid(self.conv1(x))
        is_largest_tensor = is_largest(present, 1)
        return sigmoid * is_largest_tensor


class Ensemble(nn.Module):
    """Makes "ensemble"."""

    def __init__(self, x1_1_channels: int, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(x1_1_channels, classes, 1)

    def forward(self, x1_1: Tensor, mask: Tensor) -> Tensor:
        x = torch.sigmoid(self.conv1(x1_1))
        return (mask + x) / 2


class Step(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv1(x), inplace=True)


def is_largest(x: Tensor, channel: int) -> Tensor:
    """1 where a channel has the largest value of all, the first of equals, else 0."""
    value = x[:, channel : channel + 1]
    before = (x[:, :channel] >= value).any(1, keepdim=True)
    after = (x[:, channel + 1 :] > value).any(1, keepdim=True)
    return (~(before | after)).to(x.dtype)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
