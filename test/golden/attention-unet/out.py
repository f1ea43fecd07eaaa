# Made by unetc from attention-unet.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class AttentionUNet(nn.Module):
    """Attention U-Net (Oktay et al. 2018): what comes up decides how much of every
    pixel of the skip is let through.

    Takes images of 3 channels whose height and width are multiples of 16; "mask" is as
    large and holds logits in 1 channel, of which sigmoid makes probabilities.
    34,894,197 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, classes: int = 1, base: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.e1 = DoubleConv(channels, base)
        self.e2 = DoubleConv(base, base * 2)
        self.e3 = DoubleConv(base * 2, base * 4)
        self.e4 = DoubleConv(base * 4, base * 8)
        self.e5 = DoubleConv(base * 8, base * 16)
        self.u4 = NearestConvBatchNormRelu(base * 16, base * 8)
        self.d4 = AttentionGateConcatDoubleConv(base * 8, base * 8, base * 4, base * 8)
        self.u3 = NearestConvBatchNormRelu(base * 8, base * 4)
        self.d3 = AttentionGateConcatDoubleConv(base * 4, base * 4, base * 2, base * 4)
        self.u2 = NearestConvBatchNormRelu(base * 4, base * 2)
        self.d2 = AttentionGateConcatDoubleConv(base * 2, base * 2, base, base * 2)
        self.u1 = NearestConvBatchNormRelu(base * 2, base)
        self.d1 = AttentionGateConcatDoubleConv(base, base, base // 2, base)
        self.mask = nn.Conv2d(base, classes, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        e1 = self.e1(image)  # [N, 64, H, W]
        e2 = self.e2(F.max_pool2d(e1, 2))  # [N, 128, H / 2, W / 2]
        e3 = self.e3(F.max_pool2d(e2, 2))  # [N, 256, H / 4, W / 4]
        e4 = self.e4(F.max_pool2d(e3, 2))  # [N, 512, H / 8, W / 8]
        e5 = self.e5(F.max_pool2d(e4, 2))  # [N, 1024, H / 16, W / 16]

        u4 = self.u4(e5)  # [N, 512, H / 8, W / 8]
        d4 = self.d4(e4, u4)  # [N, 512, H / 8, W / 8]
        u3 = self.u3(d4)  # [N, 256, H / 4, W / 4]
        d3 = self.d3(e3, u3)  # [N, 256, H / 4, W / 4]
        u2 = self.u2(d3)  # [N, 128, H / 2, W / 2]
        d2 = self.d2(e2, u2)  # [N, 128, H / 2, W / 2]
        u1 = self.u1(d2)  # [N, 64, H, W]
        d1 = self.d1(e1, u1)  # [N, 64, H, W]

        mask: Tensor = self.mask(d1)  # [N, 1, H, W]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless AttentionUNet can take images of this size."""
    for size in (height, width):
        if size < 16 or size % 16 != 0:
            raise ValueError(
                "AttentionUNet takes images whose height and width are multiples of "
                f"16; found {height} x {width}."
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


class ConvBatchNorm(BatchNorm):
    """Makes "theta", "phi"."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__(inner)
        self.conv1 = nn.Conv2d(channels, inner, 1)

    def forward(self, x: Tensor) -> Tensor:
        return as_norm(BatchNorm, self, self.conv1(x))


class Weight(nn.Module):
    """Makes "weight"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 1, 1)
        self.batch_norm1 = BatchNorm(1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.batch_norm1(self.conv1(x)))


class DoubleConv(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1)
        self.batch_norm1 = BatchNorm(c)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1)
        self.batch_norm2 = BatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.batch_norm1(self.conv1(x)), inplace=True)
        return F.relu(self.batch_norm2(self.conv2(x)), inplace=True)


class AttentionGateConcatDoubleConv(DoubleConv):
    """Makes "d4", "d3", "d2", "d1"."""

    def __init__(self, e_channels: int, u_channels: int, inner: int, c: int) -> None:
        super().__init__(e_channels + u_channels, c)
        self.attention_gate1 = AttentionGate(e_channels, u_channels, inner)

    def forward(self, e: Tensor, u: Tensor) -> Tensor:  # type: ignore[override]
        x = torch.cat([self.attention_gate1(e, u), u], 1)
        return super().forward(x)


class NearestConvBatchNormRelu(nn.Module):
    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.batch_norm1 = BatchNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(F.interpolate(x, scale_factor=2, mode="nearest"))
        return F.relu(self.batch_norm1(x), inplace=True)


class AttentionGate(nn.Module):
    """Weighs every pixel of the skip by what it and the signal from below agree on."""

    def __init__(self, channels: int, signal_channels: int, inner: int) -> None:
        super().__init__()
        self.theta = ConvBatchNorm(channels, inner)
        self.phi = ConvBatchNorm(signal_channels, inner)
        self.weight = Weight(inner)

    def forward(self, x: Tensor, signal: Tensor) -> Tensor:
        theta = as_class(ConvBatchNorm, self.theta, x)
        phi = as_class(ConvBatchNorm, self.phi, signal)
        y = F.relu(phi + theta, inplace=True)
        weight = self.weight(y)
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


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
