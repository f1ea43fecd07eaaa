# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ChannelScales(nn.Module):
    """Weights of channels: layer scale, norms without scale or shift, one slope for
    all; stochastic depth.

    Takes images of 3 channels whose height and width are at least 4; "mask" is [N, 1, 4
    floor(H / 4), 4 floor(W / 4)] and holds logits in 1 channel, of which sigmoid makes
    probabilities. 2,563 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Numbers of channels and of parameters are those of the defaults.
    """

    def __init__(self, start: float = 0.01) -> None:
        super().__init__()
        self.a = A(3)
        self.b = B(8, start)
        self.c = C(8)
        self.d = D(8)
        self.e = E(8)
        self.f = UnscaledNorm(8)
        self.mask = nn.Conv2d(8, 1, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        a = self.a(image)  # [N, 8, floor(H / 4), floor(W / 4)]
        b = self.b(a)  # [N, 8, floor(H / 4), floor(W / 4)]
        c = self.c(b)  # [N, 8, floor(H / 4), floor(W / 4)]
        d = self.d(c)  # [N, 8, floor(H / 4), floor(W / 4)]
        e = self.e(d)  # [N, 8, floor(H / 4), floor(W / 4)]
        f = self.f(e)  # [N, 8, floor(H / 4), floor(W / 4)]

        x = F.interpolate(f, scale_factor=4, mode="bilinear", align_corners=False)
        mask: Tensor = self.mask(x)  # [N, 1, 4 floor(H / 4), 4 floor(W / 4)]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless ChannelScales can take images of this size."""
    for size in (height, width):
        if size < 4:
            raise ValueError(
                "ChannelScales takes images whose height and width are at least 4; "
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


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation of each pixel over its channels."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.movedim(1, -1)).movedim(-1, 1)


class ChannelScale(nn.Module):
    """Multiplies each channel by a weight."""

    def __init__(self, channels: int, start: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, input: Tensor) -> Tensor:
        return input * self.weight.view(-1, 1, 1)


class UnscaledNorm(nn.BatchNorm2d):
    """Batch normalisation that shifts channels and scales none."""

    def reset_parameters(self) -> None:
        self.reset_running_stats()
        self.register_parameter("weight", None)
        nn.init.zeros_(self.bias)


class UnshiftedNorm(nn.BatchNorm2d):
    """Batch normalisation that scales channels and shifts none."""

    def reset_parameters(self) -> None:
        self.reset_running_stats()
        self.register_parameter("bias", None)
        nn.init.ones_(self.weight)


class UnscaledBatchNorm(BatchNorm, UnscaledNorm):
    """The same as Keras does it."""


class UnshiftedBatchNorm(BatchNorm, UnshiftedNorm):
    """The same as Keras does it."""


class A(ChannelNorm):
    """Makes "a"."""

    def __init__(self, channels: int) -> None:
        super().__init__(8)
        self.conv1 = nn.Conv2d(channels, 8, 4, stride=4)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.conv1(x))


class B(nn.Module):
    """Makes "b"."""

    def __init__(self, channels: int, start: float) -> None:
        super().__init__()
        self.branch1 = Branch(channels, start, 0.1)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.branch1(x)
        return x


class C(nn.Module):
    """Makes "c"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch1 = Branch(channels, 0.5, 0.2)
        self.plain1 = Plain(channels, 8)

    def forward(self, x: Tensor) -> Tensor:
        y = self.plain1(x + self.branch1(x))
        return torch.abs(y)


class D(nn.PReLU):
    """Makes "d"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, 1)
        self.batch_norm1 = UnshiftedBatchNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.batch_norm1(self.conv1(x)))


class E(nn.PReLU):
    """Makes "e"."""

    def __init__(self, channels: int) -> None:
        super().__init__(init=0.1)
        self.batch_norm1 = nn.BatchNorm2d(channels, affine=False)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.batch_norm1(x))


class Branch(nn.Module):
    def __init__(self, channels: int, start: float, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self.depthwise_conv1 = nn.Conv2d(
            channels, channels, 7, padding=3, groups=channels
        )
        self.layer_norm1 = ChannelNorm(channels)
        self.conv1 = nn.Conv2d(channels, 16, 1)
        self.conv2 = nn.Conv2d(16, 8, 1)
        self.layer_scale1 = ChannelScale(8, start)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(self.layer_norm1(self.depthwise_conv1(x)))
        x = F.gelu(x)
        x = self.layer_scale1(self.conv2(x))
        return drop_path(x, self.rate, self.training)


class Plain(nn.Module):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, c, 3, padding=1, bias=False)
        self.batch_norm1 = UnscaledBatchNorm(c)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.batch_norm1(self.conv1(x)), inplace=True)


def drop_path(x: Tensor, rate: float, training: bool) -> Tensor:
    """Stochastic depth: in training it zeroes whole images, and scales the others."""
    if not training:
        return x
    kept = torch.rand(x.shape[0], 1, 1, 1, device=x.device) >= rate
    return x * (kept / (1 - rate)).to(x.dtype)


def init_weights(module: nn.Module) -> None:
    """He et al. 2015: variance 2 / fan_in, normal."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
