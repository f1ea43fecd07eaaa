# Made by unetc from eff-unet-relu.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class EffUNetReLU(nn.Module):
    """Eff-UNet (Baheti et al. 2020) on EfficientNet-B0, as a PyTorch port has it: ReLU
    for swish, no biases in squeeze and excitation, normalisation after activation.

    Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31 on;
    "mask" is [N, 8, 2 ceil(H / 2), 2 ceil(W / 2)] and holds logits in 8 channels, of
    which softmax makes probabilities. 5,873,408 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults. Fixed, for layers
    or sizes follow from them: width = 1, divisor = 8.
    """

    def __init__(self, classes: int = 8, base: int = 16, channels: int = 3) -> None:
        super().__init__()
        self.efficientnet = Efficientnet(channels)
        self.d5 = DoubleConv(432, base * 16)
        self.d4 = DoubleConv(base * 16 + 40, base * 8)
        self.d3 = DoubleConv(base * 8 + 24, base * 4)
        self.d2 = DoubleConv(base * 4 + 32, base * 2)
        self.d1 = DoubleConv(base * 2, base)
        self.mask = nn.Conv2d(base, classes, 3, padding=1, bias=False)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        stem, block_3, block_5, block_9, block_16 = self.efficientnet(image)

        # [N, 320, ceil(H / 16), ceil(W / 16)]
        u5 = F.interpolate(block_16, scale_factor=2, mode="nearest")
        x = torch.cat([u5, block_9], 1)
        d5 = as_class(DoubleConv, self.d5, x)  # [N, 256, ceil(H / 16), ceil(W / 16)]
        # [N, 256, ceil(H / 8), ceil(W / 8)]
        u4 = F.interpolate(d5, scale_factor=2, mode="nearest")
        x = torch.cat([u4, block_5], 1)
        d4 = as_class(DoubleConv, self.d4, x)  # [N, 128, ceil(H / 8), ceil(W / 8)]
        # [N, 128, ceil(H / 4), ceil(W / 4)]
        u3 = F.interpolate(d4, scale_factor=2, mode="nearest")
        x = torch.cat([u3, block_3], 1)
        d3 = as_class(DoubleConv, self.d3, x)  # [N, 64, ceil(H / 4), ceil(W / 4)]
        # [N, 64, ceil(H / 2), ceil(W / 2)]
        u2 = F.interpolate(d3, scale_factor=2, mode="nearest")
        x = torch.cat([u2, stem], 1)
        d2 = as_class(DoubleConv, self.d2, x)  # [N, 32, ceil(H / 2), ceil(W / 2)]
        # [N, 32, 2 ceil(H / 2), 2 ceil(W / 2)]
        u1 = F.interpolate(d2, scale_factor=2, mode="nearest")
        d1 = as_class(DoubleConv, self.d1, u1)  # [N, 16, 2 ceil(H / 2), 2 ceil(W / 2)]

        mask: Tensor = self.mask(d1)  # [N, 8, 2 ceil(H / 2), 2 ceil(W / 2)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.softmax(1)


def check_size(height: int, width: int) -> None:
    """Raises unless EffUNetReLU can take images of this size."""
    for size in (height, width):
        if size < 31 or size % 32 not in (0, 31):
            raise ValueError(
                "EffUNetReLU takes images whose height and width are 0 or 31 mod 32, "
                f"from 31 on; found {height} x {width}."
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


class Gate(nn.Module):
    """Makes "gate"."""

    def __init__(self, channels_in: int, squeezed: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, squeezed, 1, bias=False)
        self.conv2 = nn.Conv2d(squeezed, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        return torch.sigmoid(self.conv2(x))


class DepthwiseConvNormRelu(nn.Module):
    """Makes "deep"."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, kernel, padding="same", groups=channels, bias=False
        )
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(self.depthwise_conv1(x)), inplace=True)


class Norm(BatchNorm):
    """Batch normalisation with the constants of torchvision or of Keras.

    Here form = torch.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels)


class ConvNorm(Norm):
    """Makes "narrow"."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return as_norm(Norm, self, self.conv1(x))


class ConvNormRelu(nn.Module):
    """Makes "wide"."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 1, bias=False)
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(self.conv1(x)), inplace=True)


class Deep(nn.Module):
    """Makes "deep"."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, kernel, stride=2, padding=1, groups=channels, bias=False
        )
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(self.depthwise_conv1(x)), inplace=True)


class DeepBlock(nn.Module):
    """Makes "deep"."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, kernel, stride=2, padding=2, groups=channels, bias=False
        )
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(self.depthwise_conv1(x)), inplace=True)


class Deep2(nn.Module):
    """Makes "deep"."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, kernel, padding="same", groups=channels, bias=False
        )
        self.norm1 = Norm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(self.depthwise_conv1(x)), inplace=True)


class Stem(nn.Module):
    """Makes "stem"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3, stride=2, padding=1, bias=False)
        self.norm1 = Norm(32)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm1(self.conv1(x)), inplace=True)


class Efficientnet(nn.Module):
    """Makes "efficientnet"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.stem = Stem(channels)
        self.block_1 = MbconvKernel3(32, 16, 3)
        self.block_2 = MbconvStride2Kernel3(16, 24, 3)
        self.block_3 = MbconvWithAdd(24, 24, 3)
        self.block_4 = MbconvStride2Kernel5(24, 40, 5)
        self.block_5 = MbconvWithAdd(40, 40, 5)
        self.block_6 = MbconvStride2Kernel3(40, 80, 3)
        self.block_7 = MbconvWithAdd(80, 80, 3)
        self.block_8 = MbconvWithAdd(80, 80, 3)
        self.block_9 = Mbconv(80, 112, 5)
        self.block_10 = MbconvWithAdd(112, 112, 5)
        self.block_11 = MbconvWithAdd(112, 112, 5)
        self.block_12 = MbconvStride2Kernel5(112, 192, 5)
        self.block_13 = MbconvWithAdd(192, 192, 5)
        self.block_14 = MbconvWithAdd(192, 192, 5)
        self.block_15 = MbconvWithAdd(192, 192, 5)
        self.block_16 = Mbconv(192, 320, 3)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        stem = self.stem(x)
        block_1 = self.block_1(stem)
        block_2 = self.block_2(block_1)
        block_3 = self.block_3(block_2)
        block_4 = self.block_4(block_3)
        block_5 = self.block_5(block_4)
        block_6 = self.block_6(block_5)
        block_7 = self.block_7(block_6)
        block_8 = self.block_8(block_7)
        block_9 = self.block_9(block_8)
        block_10 = self.block_10(block_9)
        block_11 = self.block_11(block_10)
        block_12 = self.block_12(block_11)
        block_13 = self.block_13(block_12)
        block_14 = self.block_14(block_13)
        block_15 = self.block_15(block_14)
        block_16 = self.block_16(block_15)
        return stem, block_3, block_5, block_9, block_16


class SqueezeExcite(nn.Module):
    """Squeeze and excitation (Hu et al. 2018): the means of all channels decide how
    much of each channel passes.

    Here bias = false.
    """

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.gate = Gate(channels, squeezed, channels)

    def forward(self, x: Tensor) -> Tensor:
        gate = self.gate(x.mean((2, 3), keepdim=True))
        x = x * gate
        return x


class DoubleConv(BatchNorm):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.batch_norm1 = BatchNorm(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x), inplace=True)
        x = F.relu(self.conv2(self.batch_norm1(x)), inplace=True)
        return as_norm(BatchNorm, self, x)


class MbconvKernel3(nn.Module):
    """An inverted residual with squeeze and excitation. Keras pads strided convolutions
    less above and left; in PyTorch's form both sides are alike.

    Here factor = 1, se_bias = false, norm_form = torch, without wide, without add.
    """

    def __init__(self, channels: int, c: int, kernel: int) -> None:
        super().__init__()
        self.deep = DepthwiseConvNormRelu(channels, kernel)
        self.excited = SqueezeExcite(channels, max(1, channels // 4))
        self.narrow = ConvNorm(channels, c)

    def forward(self, x: Tensor) -> Tensor:
        deep = self.deep(x)
        excited = self.excited(deep)
        return as_class(ConvNorm, self.narrow, excited)


class MbconvStride2Kernel3(nn.Module):
    """Like MbconvKernel3, here stride = 2, factor = 6, with wide."""

    def __init__(self, channels: int, c: int, kernel: int) -> None:
        super().__init__()
        self.wide = ConvNormRelu(channels, channels * 6)
        self.deep = Deep(channels * 6, kernel)
        self.excited = SqueezeExcite(channels * 6, max(1, channels // 4))
        self.narrow = ConvNorm(channels * 6, c)

    def forward(self, x: Tensor) -> Tensor:
        wide = self.wide(x)
        deep = self.deep(wide)
        excited = self.excited(deep)
        return as_class(ConvNorm, self.narrow, excited)


class MbconvWithAdd(nn.Module):
    """Like MbconvKernel3, here factor = 6, with wide, with add."""

    def __init__(self, channels: int, c: int, kernel: int) -> None:
        super().__init__()
        self.wide = ConvNormRelu(channels, channels * 6)
        self.deep = DepthwiseConvNormRelu(channels * 6, kernel)
        self.excited = SqueezeExcite(channels * 6, max(1, channels // 4))
        self.narrow = ConvNorm(channels * 6, c)

    def forward(self, x: Tensor) -> Tensor:
        wide = self.wide(x)
        deep = self.deep(wide)
        excited = self.excited(deep)
        narrow = as_class(ConvNorm, self.narrow, excited)
        return x + narrow


class MbconvStride2Kernel5(nn.Module):
    """Like MbconvKernel3, here stride = 2, factor = 6, with wide."""

    def __init__(self, channels: int, c: int, kernel: int) -> None:
        super().__init__()
        self.wide = ConvNormRelu(channels, channels * 6)
        self.deep = DeepBlock(channels * 6, kernel)
        self.excited = SqueezeExcite(channels * 6, max(1, channels // 4))
        self.narrow = ConvNorm(channels * 6, c)

    def forward(self, x: Tensor) -> Tensor:
        wide = self.wide(x)
        deep = self.deep(wide)
        excited = self.excited(deep)
        return as_class(ConvNorm, self.narrow, excited)


class Mbconv(nn.Module):
    """Like MbconvKernel3, here factor = 6, with wide."""

    def __init__(self, channels: int, c: int, kernel: int) -> None:
        super().__init__()
        self.wide = ConvNormRelu(channels, channels * 6)
        self.deep = Deep2(channels * 6, kernel)
        self.excited = SqueezeExcite(channels * 6, max(1, channels // 4))
        self.narrow = ConvNorm(channels * 6, c)

    def forward(self, x: Tensor) -> Tensor:
        wide = self.wide(x)
        deep = self.deep(wide)
        excited = self.excited(deep)
        return as_class(ConvNorm, self.narrow, excited)


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


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
