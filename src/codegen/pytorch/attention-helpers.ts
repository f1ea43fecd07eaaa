/** The helpers of attention. */
export const attentionHelpers = {
  PositionTable: {
    text: `class PositionTable(nn.Module):
    """Adds a weight for each channel of every pixel."""

    def __init__(self, channels: int, height: int, width: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros(height, width, channels))

    def forward(self, input: Tensor) -> Tensor:
        return input + self.table.permute(2, 0, 1)
`,
  },
  WindowAttention: {
    needs: ['window_attention'],
    text: `class WindowAttention(nn.Module):
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
`,
  },
  attention: {
    text: `def attention(
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
`,
  },
  window_attention: {
    text: `def window_attention(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    heads: int,
    window: int,
    shift: int = 0,
    scale: float | None = None,
    bias: Tensor | None = None,
) -> Tensor:
    """Attention in windows. Their grid lies \`shift\` pixels below and right of the
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
`,
  },
} as const;
