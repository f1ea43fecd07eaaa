# Made by unetc from unet-three-modes.unet; edits are lost.
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNetThreeModes(nn.Module):
    """One U-Net, three answers to sizes that differ at a skip: cut the skip, pad
    what comes up, or pad every convolution so that they never differ.

    Takes images of 3 channels whose height and width are at least 188; "mask" is [N,
    10, 16 floor((H + 4) / 16) - 188, W alike] and holds logits in 10 channels, of which
    softmax makes probabilities. 31,055,882 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from it: mode = crop.
    """

    def __init__(self, classes: int = 10, base: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.e1 = DoubleConv(channels, base)
        self.e2 = DoubleConv(base, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4)
        self.e4 = DoubleConv(base * 4, base * 8)
        self.e5 = DoubleConv(base * 8, base * 16)
        self.u4 = nn.ConvTranspose2d(base * 16, base * 8, 2, stride=2)
        self.d4 = DoubleConv(base * 16, base * 8)
        self.u3 = nn.ConvTranspose2d(base * 8, base * 4, 2, stride=2)
        self.d3 = DoubleConv(base * 8, base * 4)
        self.u2 = nn.ConvTranspose2d(base * 4, base * 2, 2, stride=2)
        self.d2 = DoubleConv(base * 4, base * 2)
        self.u1 = nn.ConvTranspose2d(base * 2, base, 2, stride=2)
        self.d1 = DoubleConv(base * 2, base)
        self.mask = nn.Conv2d(base, classes, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 64, H - 4, W - 4]
        x = F.max_pool2d(e1, 2)
        e2 = self.e2(x)  # [N, 128, floor(H / 2) - 6, floor(W / 2) - 6]
        x = F.max_pool2d(e2, 2)
        e3 = self.e3(x)  # [N, 256, floor(H / 4) - 7, floor(W / 4) - 7]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, floor((H + 4) / 8) - 8, W alike]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 1024, floor((H + 4) / 16) - 8, W alike]

        u4 = self.u4(e5)  # [N, 512, 2 floor((H + 4) / 16) - 16, W alike]
        x = torch.cat([crop_to(e4, u4, half_even=True), u4], 1)
        d4 = self.d4(x)  # [N, 512, 2 floor((H + 4) / 16) - 20, W alike]
        u3 = self.u3(d4)  # [N, 256, 4 floor((H + 4) / 16) - 40, W alike]
        x = torch.cat([crop_to(e3, u3, half_even=True), u3], 1)
        d3 = self.d3(x)  # [N, 256, 4 floor((H + 4) / 16) - 44, W alike]
        u2 = self.u2(d3)  # [N, 128, 8 floor((H + 4) / 16) - 88, W alike]
        x = torch.cat([crop_to(e2, u2, half_even=True), u2], 1)
        d2 = self.d2(x)  # [N, 128, 8 floor((H + 4) / 16) - 92, W alike]
        u1 = self.u1(d2)  # [N, 64, 16 floor((H + 4) / 16) - 184, W alike]
        x = torch.cat([crop_to(e1, u1, half_even=True), u1], 1)
        d1 = self.d1(x)  # [N, 64, 16 floor((H + 4) / 16) - 188, W alike]

        mask: Tensor = self.mask(d1)  # [N, 10, 16 floor((H + 4) / 16) - 188, W alike]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.softmax(1)


def check_size(height: int, width: int) -> None:
    """Raises unless UNetThreeModes can take images of this size."""
    for size in (height, width):
        if size < 188:
            raise ValueError(
                "UNetThreeModes takes images whose height and width are at least 188; "
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


class DoubleConv(nn.Module):
    """Here padding = valid."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3)
        self.batch_norm1 = BatchNorm(c)
        self.conv2 = nn.Conv2d(c, c, 3)
        self.batch_norm2 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.batch_norm1(self.conv1(x)), inplace=True)
        return F.relu(self.batch_norm2(self.conv2(x)), inplace=True)


def crop_to(x: Tensor, like: Tensor, half_even: bool = False) -> Tensor:
    """Cuts the centre of x to the height and width of another tensor; of an odd row or
    column more goes below and right, or half of all is rounded to even.
    """
    height, width = like.shape[2:]
    rows, columns = x.shape[2] - height, x.shape[3] - width
    top = round(rows / 2) if half_even else rows // 2
    left = round(columns / 2) if half_even else columns // 2
    return x[:, :, top : top + height, left : left + width]


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
