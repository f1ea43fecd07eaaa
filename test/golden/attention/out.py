# Made by unetc from spec.unet; edits are lost.
import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Attention over all pixels, with fewer keys, in windows, and a table of places.

    Takes images of 48 x 32 pixels and 3 channels; "mask" is [N, 1, 48, 32] and holds
    logits in 1 channel, of which sigmoid makes probabilities. 4,653 parameters.

    Values are divided by the largest of their type (255 for 8 bits).

    Fixed, for layers or sizes follow from them: c = 8, heads = 2.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patches = Patches(3)
        self.wide = Wide(8)
        self.still = Still(8)
        self.moved = Moved(8)
        self.places = Places(32)
        self.merged = Merged(16)
        self.up = Up(16)
        self.mask = nn.Conv2d(8, 1, 1)
        self.apply(init_weights)

    def forward(self, image: Tensor) -> Tensor:
        patches = self.patches(image)  # [N, 8, 12, 8]
        wide = self.wide(patches)  # [N, 8, 12, 8]
        still = self.still(wide)  # [N, 8, 12, 8]
        moved = self.moved(still)  # [N, 8, 12, 8]
        places = self.places(F.pixel_unshuffle(moved, 2))  # [N, 16, 6, 4]
        merged = self.merged(places)  # [N, 16, 6, 4]
        up = self.up(merged, moved)  # [N, 8, 12, 8]

        x = F.interpolate(up, scale_factor=4, mode="bilinear", align_corners=False)
        mask: Tensor = self.mask(x)  # [N, 1, 48, 32]
        return mask

    @torch.inference_mode()
    def predict(self, image: Tensor) -> Tensor:
        """Probabilities; puts the network into evaluation mode."""
        check_size(image.shape[2], image.shape[3])
        outputs: Tensor = self.eval()(image)
        return outputs.sigmoid()


def check_size(height: int, width: int) -> None:
    """Raises unless Attention can take images of this size."""
    if height != 48:
        raise ValueError(
            f"Attention takes images whose height is 48; found {height} x {width}."
        )
    if width != 32:
        raise ValueError(
            f"Attention takes images whose width is 32; found {height} x {width}."
        )


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation of each pixel over its channels."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.movedim(1, -1)).movedim(-1, 1)


class PositionTable(nn.Module):
    """Adds a weight for each channel of every pixel."""

    def __init__(self, channels: int, height: int, width: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros(height, width, channels))

    def forward(self, input: Tensor) -> Tensor:
        return input + self.table.permute(2, 0, 1)


class WindowAttention(nn.Module):
    """Attention in windows with a weight for the difference of two places."""

    def __init__(
        self, heads: int, window: int, shift: int = 0, scale: float | None = None
    ) -> None:
        super().__init__()
        self.heads = heads
        self.window = window
        self.shift = shift
        self.scale = scale
        self.table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))

    def forward(self, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        places = torch.arange(self.window, device=self.table.device)
        apart = places[:, None] - places + self.window - 1
        rows = apart[:, None, :, None] * (2 * self.window - 1)
        area = self.window * self.window
        index = (rows + apart[None, :, None, :]).reshape(area, area)
        bias = self.table[index].permute(2, 0, 1)
        how = (self.heads, self.window, self.shift, self.scale)
        return window_attention(queries, keys, values, *how, bias)


class Few(ChannelNorm):
    """Makes "few"."""

    def __init__(self, channels: int, c: int, ratio: int) -> None:
        super().__init__(c)
        self.conv1 = nn.Conv2d(channels, c, ratio, stride=ratio)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.conv1(x))


class Taken(WindowAttention):
    """Makes "taken"."""

    def __init__(self, x_channels: int, c: int) -> None:
        super().__init__(2, 4)
        self.conv1 = nn.Conv2d(x_channels, c, 1)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        return super().forward(self.conv1(x), keys, values)


class TakenBlock(WindowAttention):
    """Makes "taken"."""

    def __init__(self, x_channels: int, c: int) -> None:
        super().__init__(2, 4, shift=2)
        self.conv1 = nn.Conv2d(x_channels, c, 1)

    def forward(self, x: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        return super().forward(self.conv1(x), keys, values)


class Patches(ChannelNorm):
    """Makes "patches"."""

    def __init__(self, channels: int) -> None:
        super().__init__(8)
        self.conv1 = nn.Conv2d(channels, 8, 4, stride=4)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.conv1(x))


class Wide(nn.Module):
    """Makes "wide"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.reduced1 = Reduced(channels, 8, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.reduced1(x)
        return x


class Still(nn.Module):
    """Makes "still"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.windowed1 = WindowedShift0(channels, 8)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.windowed1(x)
        return x


class Mix(nn.Conv2d):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__(4 * c, c, 1)
        self.layer_norm1 = ChannelNorm(channels)
        self.conv1 = nn.Conv2d(channels, 4 * c, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.gelu(self.conv1(self.layer_norm1(x)))
        return super().forward(x)


class Moved(Mix):
    """Makes "moved"."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, 8)
        self.windowed1 = WindowedShift2(channels, 8)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x + self.windowed1(x))


class Places(PositionTable):
    """Makes "places"."""

    def __init__(self, channels: int) -> None:
        super().__init__(16, 6, 4)
        self.conv1 = nn.Conv2d(channels, 16, 1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(self.conv1(x))


class Merged(nn.Module):
    """Makes "merged"."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.whole1 = Whole(channels, 16)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.whole1(x)
        return x


class Up(nn.Module):
    """Makes "up"."""

    def __init__(self, merged_channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(merged_channels, 32, 1)

    def forward(self, merged: Tensor, moved: Tensor) -> Tensor:
        x = shuffle_channels_last(self.conv1(merged), 2)
        return moved + x


class Reduced(nn.Conv2d):
    """Keys and values of a smaller image (Xie et al. 2021, SegFormer).

    Here heads = 2.
    """

    def __init__(self, channels: int, c: int, ratio: int) -> None:
        super().__init__(c, c, 1)
        self.x = ChannelNorm(channels)
        self.few = Few(channels, c, ratio)
        self.keys = nn.Conv2d(c, c, 1)
        self.values = nn.Conv2d(c, c, 1)
        self.conv1 = nn.Conv2d(channels, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        x_tensor = self.x(x)
        few = self.few(x_tensor)
        keys = self.keys(few)
        values = self.values(few)
        x = attention(self.conv1(x_tensor), keys, values, 2)
        return super().forward(x)


class WindowedShift0(nn.Module):
    """Windows of 4 x 4 pixels (Liu et al. 2021, Swin).

    Here heads = 2, shift = 0.
    """

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.x = ChannelNorm(channels)
        self.keys = nn.Conv2d(channels, c, 1)
        self.values = nn.Conv2d(channels, c, 1)
        self.taken = Taken(channels, c)
        self.conv1 = nn.Conv2d(c, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        x_tensor = self.x(x)
        keys = self.keys(x_tensor)
        values = self.values(x_tensor)
        taken = self.taken(x_tensor, keys, values)
        return drop_path(self.conv1(taken), 0.1, self.training)


class WindowedShift2(nn.Module):
    """Like WindowedShift0, here shift = 2."""

    def __init__(self, channels: int, c: int) -> None:
        super().__init__()
        self.x = ChannelNorm(channels)
        self.keys = nn.Conv2d(channels, c, 1)
        self.values = nn.Conv2d(channels, c, 1)
        self.taken = TakenBlock(channels, c)
        self.conv1 = nn.Conv2d(c, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        x_tensor = self.x(x)
        keys = self.keys(x_tensor)
        values = self.values(x_tensor)
        taken = self.taken(x_tensor, keys, values)
        return drop_path(self.conv1(taken), 0.1, self.training)


class Whole(nn.Conv2d):
    def __init__(self, channels: int, c: int) -> None:
        super().__init__(c // 2, c, 1)
        self.keys = nn.Conv2d(channels, c, 1)
        self.values = nn.Conv2d(channels, c // 2, 1)
        self.conv1 = nn.Conv2d(channels, c, 1)

    def forward(self, x: Tensor) -> Tensor:
        keys = self.keys(x)
        values = self.values(x)
        x = attention(self.conv1(x), keys, values, 1, scale=1.0)
        return super().forward(x)


def attention(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    heads: int,
    scale: float | None = None,
) -> Tensor:
    """Of each head, means of values by how pixels of keys are like that of a query."""
    count, _, height, width = queries.shape
    q, k, v = (
        x.reshape(count, heads, -1, x.shape[2] * x.shape[3]).transpose(2, 3)
        for x in (queries, keys, values)
    )
    taken = F.scaled_dot_product_attention(q, k, v, scale=scale)
    return taken.transpose(2, 3).reshape(count, -1, height, width)


def window_attention(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    heads: int,
    window: int,
    shift: int = 0,
    scale: float | None = None,
    bias: Tensor | None = None,
) -> Tensor:
    """Attention in windows. Their grid lies `shift` pixels below and right of the
    corner, on axes longer than a window; no two pixels of opposite sides look at each
    other.
    """
    count, _, height, width = queries.shape
    rows, columns = height // window, width // window
    down, right = (shift if n > window else 0 for n in (height, width))

    def cut(x: Tensor) -> Tensor:
        x = x.roll((-down, -right), (2, 3))
        x = x.reshape(count, heads, -1, rows, window, columns, window)
        return x.permute(0, 3, 5, 1, 4, 6, 2).flatten(4, 5)

    if down or right:
        below = torch.arange(height, device=queries.device) >= height - down
        beside = torch.arange(width, device=queries.device) >= width - right
        sides = 2 * below[:, None] + beside
        sides = sides.reshape(rows, window, columns, window).permute(0, 2, 1, 3)
        sides = sides.reshape(rows, columns, 1, window * window)
        is_apart = sides[..., None] != sides[..., None, :]
        mask = torch.zeros_like(is_apart, dtype=queries.dtype)
        mask = mask.masked_fill(is_apart, float("-inf"))
        bias = mask if bias is None else mask + bias
    q, k, v = cut(queries), cut(keys), cut(values)
    taken = F.scaled_dot_product_attention(q, k, v, bias, scale=scale)
    taken = taken.reshape(count, rows, columns, heads, window, window, -1)
    image = taken.permute(0, 3, 6, 1, 4, 2, 5).reshape(count, -1, height, width)
    return image.roll((down, right), (2, 3))


def drop_path(x: Tensor, rate: float, training: bool) -> Tensor:
    """Stochastic depth: in training it zeroes whole images, and scales the others."""
    if not training:
        return x
    kept = torch.rand(x.shape[0], 1, 1, 1, device=x.device) >= rate
    return x * (kept / (1 - rate)).to(x.dtype)


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
