import { attentionHelpers } from './attention-helpers.js';
import type { HelperName } from './words.js';

/** A function or a class that a file has where something in it needs it. */
interface Helper {
  /** Helpers that it calls. */
  readonly needs?: readonly HelperName[];
  readonly text: string;
}

/** In the order in which a file has them; ruff's formatter leaves each as it is. */
export const helpers: Readonly<Record<HelperName, Helper>> = {
  BatchNorm: {
    text: `class BatchNorm(nn.BatchNorm2d):
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
`,
  },
  ChannelNorm: {
    text: `class ChannelNorm(nn.LayerNorm):
    """Layer normalisation of each pixel over its channels."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.movedim(1, -1)).movedim(-1, 1)
`,
  },
  ChannelScale: {
    text: `class ChannelScale(nn.Module):
    """Multiplies each channel by a weight."""

    def __init__(self, channels: int, start: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), start))

    def forward(self, input: Tensor) -> Tensor:
        return input * self.weight.view(-1, 1, 1)
`,
  },
  UnscaledNorm: {
    text: `class UnscaledNorm(nn.BatchNorm2d):
    """Batch normalisation that shifts channels and scales none."""

    def reset_parameters(self) -> None:
        self.reset_running_stats()
        self.register_parameter("weight", None)
        nn.init.zeros_(self.bias)
`,
  },
  UnshiftedNorm: {
    text: `class UnshiftedNorm(nn.BatchNorm2d):
    """Batch normalisation that scales channels and shifts none."""

    def reset_parameters(self) -> None:
        self.reset_running_stats()
        self.register_parameter("bias", None)
        nn.init.ones_(self.weight)
`,
  },
  UnscaledBatchNorm: {
    needs: ['BatchNorm', 'UnscaledNorm'],
    text: `class UnscaledBatchNorm(BatchNorm, UnscaledNorm):
    """The same as Keras does it."""
`,
  },
  UnshiftedBatchNorm: {
    needs: ['BatchNorm', 'UnshiftedNorm'],
    text: `class UnshiftedBatchNorm(BatchNorm, UnshiftedNorm):
    """The same as Keras does it."""
`,
  },
  ...attentionHelpers,
  as_class: {
    text: `def as_class(of: type[nn.Module], module: nn.Module, *inputs: Tensor) -> Tensor:
    """A module whose class derives from its last layer, a norm; also where
    nn.SyncBatchNorm.convert_sync_batchnorm has put another norm in its place.
    """
    is_whole = isinstance(module, of)
    result: Tensor = module(*inputs) if is_whole else of.forward(module, *inputs)
    return result
`,
  },
  as_norm: {
    text: `def as_norm(of: type[nn.BatchNorm2d], module: nn.Module, x: Tensor) -> Tensor:
    """The norm alone that a module ends in."""
    result: Tensor = of.forward(module, x) if isinstance(module, of) else module(x)
    return result
`,
  },
  crop_to: {
    text: `def crop_to(x: Tensor, like: Tensor, half_even: bool = False) -> Tensor:
    """Cuts the centre of x to the height and width of another tensor; of an odd row or
    column more goes below and right, or half of all is rounded to even.
    """
    height, width = like.shape[2:]
    rows, columns = x.shape[2] - height, x.shape[3] - width
    top = round(rows / 2) if half_even else rows // 2
    left = round(columns / 2) if half_even else columns // 2
    return x[:, :, top : top + height, left : left + width]
`,
  },
  drop_path: {
    text: `def drop_path(x: Tensor, rate: float, training: bool) -> Tensor:
    """Stochastic depth: in training it zeroes whole images, and scales the others."""
    if not training:
        return x
    kept = torch.rand(x.shape[0], 1, 1, 1, device=x.device) >= rate
    return x * (kept / (1 - rate)).to(x.dtype)
`,
  },
  is_largest: {
    text: `def is_largest(x: Tensor, channel: int) -> Tensor:
    """1 where a channel has the largest value of all, the first of equals, else 0."""
    value = x[:, channel : channel + 1]
    before = (x[:, :channel] >= value).any(1, keepdim=True)
    after = (x[:, channel + 1 :] > value).any(1, keepdim=True)
    return (~(before | after)).to(x.dtype)
`,
  },
  max_unpool: {
    text: `def max_unpool(
    x: Tensor,
    image: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int] | None = None,
) -> Tensor:
    """Puts x where a max pooling of an image finds its maxima, and zeros elsewhere."""
    _, indices = F.max_pool2d(image, size, stride, return_indices=True)
    return F.max_unpool2d(x, indices, size, stride, output_size=image.shape[2:])
`,
  },
  max_unpool_padded: {
    needs: ['max_unpool', 'pad_windows'],
    text: `def max_unpool_padded(
    x: Tensor,
    image: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int],
    edges: tuple[int, int, int, int] | None,
    ceil: bool = True,
) -> Tensor:
    """max_unpool of a pooling with edges (left, right, top, bottom), or of
    ceil(size / stride) windows without; with \`ceil\` it keeps a last, partial one.
    """
    padded = pad_windows(image, size, stride, edges, ceil)
    rows, columns = (padded.shape[axis] - image.shape[axis] for axis in (2, 3))
    left, top = max(columns, 0) // 2, max(rows, 0) // 2
    if edges is not None:
        left, top = edges[0], edges[2]
    whole = max_unpool(x, padded, size, stride)
    return F.pad(whole, (-left, left - columns, -top, top - rows))
`,
  },
  pad_channels: {
    text: `def pad_channels(x: Tensor, channels: int) -> Tensor:
    """Adds channels of zeros behind those of x."""
    return F.pad(x, (0, 0, 0, 0, 0, channels - x.shape[1]))
`,
  },
  pad_same: {
    text: `def pad_same(
    x: Tensor,
    kernel: int | tuple[int, int],
    stride: int | tuple[int, int],
    dilation: int | tuple[int, int] = 1,
    value: float = 0.0,
) -> Tensor:
    """Adds what ceil(size / stride) windows need, the odd pixel below and right."""
    edges: list[int] = []
    for axis in (1, 0):
        k, s, d = (
            each if isinstance(each, int) else each[axis]
            for each in (kernel, stride, dilation)
        )
        size = x.shape[2 + axis]
        needed = (math.ceil(size / s) - 1) * s + (k - 1) * d + 1 - size
        added = max(needed, 0)
        edges += [added // 2, added - added // 2]
    return F.pad(x, edges, value=value)
`,
  },
  pad_to: {
    text: `def pad_to(x: Tensor, like: Tensor) -> Tensor:
    """Adds zeros around x up to the height and width of another tensor."""
    rows, columns = like.shape[2] - x.shape[2], like.shape[3] - x.shape[3]
    top, left = rows // 2, columns // 2
    return F.pad(x, (left, columns - left, top, rows - top))
`,
  },
  pad_windows: {
    text: `def pad_windows(
    x: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int],
    edges: tuple[int, int, int, int] | None,
    ceil: bool = True,
    value: float = float("-inf"),
) -> Tensor:
    """Adds edges (left, right, top, bottom) so that windows without padding are those
    of a pool: ceil(size / stride) of them without edges; with \`ceil\` a last, partial
    one counts that begins inside the image or its first edge.
    """
    added: list[int] = []
    for axis in (1, 0):
        have, window, step = x.shape[2 + axis], size[axis], stride[axis]
        if edges is None:
            count = math.ceil(have / step)
            first = max((count - 1) * step + window - have, 0) // 2
        else:
            first, last = edges[2 * (1 - axis)], edges[2 * (1 - axis) + 1]
            beyond = have + first + last - window
            count = beyond // step + 1
            if ceil:
                count = min(-(-beyond // step) + 1, -(-(have + first) // step))
        added += [first, (count - 1) * step + window - have - first]
    return F.pad(x, added, value=value)
`,
  },
  padded_mean: {
    needs: ['pad_windows'],
    text: `def padded_mean(
    x: Tensor,
    size: tuple[int, int],
    stride: tuple[int, int],
    edges: tuple[int, int, int, int] | None,
    ceil: bool = False,
) -> Tensor:
    """The means of windows over the pixels that exist."""
    ones = torch.ones_like(x[:1, :1])
    padded, counts = (
        F.avg_pool2d(pad_windows(each, size, stride, edges, ceil, 0.0), size, stride)
        for each in (x, ones)
    )
    return padded / counts
`,
  },
  resize_asymmetric: {
    text: `def resize_asymmetric(x: Tensor, size: tuple[int, int] | torch.Size) -> Tensor:
    """Bilinear, output pixel i lying at i * in / out, as TensorFlow 1 has it."""
    for axis in (2, 3):
        old, new = x.shape[axis], size[axis - 2]
        place = torch.arange(new, device=x.device, dtype=x.dtype) * (old / new)
        low = place.floor().long().clamp(max=old - 1)
        high = (low + 1).clamp(max=old - 1)
        share = (place - low).view(-1, *[1] * (3 - axis))
        x = torch.lerp(x.index_select(axis, low), x.index_select(axis, high), share)
    return x
`,
  },
  resize_nearest_corners: {
    text: `def resize_nearest_corners(x: Tensor, size: tuple[int, int] | torch.Size) -> Tensor:
    """Nearest pixel, halves going up, the outermost pixels lying on each other."""
    for axis in (2, 3):
        old, new = x.shape[axis], size[axis - 2]
        steps = torch.arange(new, device=x.device)
        # floor(i * (old - 1) / (new - 1) + 1 / 2), in whole numbers
        gaps = max(new - 1, 1)
        place = (2 * steps * (old - 1) + gaps) // (2 * gaps)
        x = x.index_select(axis, place)
    return x
`,
  },
  shuffle_channels: {
    text: `def shuffle_channels(x: Tensor, groups: int) -> Tensor:
    """Deals the channels of groups out in turn."""
    count, channels, height, width = x.shape
    parts = x.reshape(count, groups, -1, height, width).transpose(1, 2)
    return parts.reshape(count, channels, height, width)
`,
  },
  shuffle_channels_last: {
    text: `def shuffle_channels_last(x: Tensor, factor: int) -> Tensor:
    """F.pixel_shuffle of channels in TensorFlow's order (i * factor + j) * c + k."""
    count, channels, height, width = x.shape
    parts = x.reshape(count, factor * factor, -1, height, width).transpose(1, 2)
    return F.pixel_shuffle(parts.reshape(count, channels, height, width), factor)
`,
  },
  unshuffle_channels_last: {
    text: `def unshuffle_channels_last(x: Tensor, factor: int) -> Tensor:
    """F.pixel_unshuffle to channels in TensorFlow's order (i * factor + j) * c + k."""
    deep = F.pixel_unshuffle(x, factor)
    count, channels, height, width = deep.shape
    parts = deep.reshape(count, -1, factor * factor, height, width).transpose(1, 2)
    return parts.reshape(count, channels, height, width)
`,
  },
};
