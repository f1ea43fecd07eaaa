/** The layers whose windows Keras places otherwise or does not have. */
export const windowLayers = {
  MaxUnpooling: `class MaxUnpooling(layers.Layer):
    """Puts each value where a max pooling of the second input finds the largest of its
    window, the first of equals, and zeros elsewhere. Windows share no pixel; they reach
    beyond the image by edges, ((top, bottom), (left, right)), or are
    ceil(size / stride) for "same".
    """

    def __init__(self, size, strides=None, edges=0, **kwargs):
        super().__init__(**kwargs)
        self.size = pair(size)
        self.strides = pair(strides or size)
        self.edges = edges if edges == "same" else [pair(each) for each in pair(edges)]

    def get_config(self):
        own = ("size", "strides", "edges")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        values, image = input_shape
        return (image[0], *image[1:3], values[3])

    def call(self, inputs):
        x, image = inputs
        (rows, columns), (height, width) = ops.shape(x)[1:3], ops.shape(image)[1:3]
        (tall, wide), (down, across), c = self.size, self.strides, x.shape[-1]
        top, left = self.first(0, rows, height), self.first(1, columns, width)
        below = positive(rows * down - top - height)
        right = positive(columns * across - left - width)
        added = [(0, 0), (top, below), (left, right), (0, 0)]
        whole = ops.pad(image, added, constant_values=float("-inf"))
        whole = whole[:, : rows * down, : columns * across]
        blocks = ops.reshape(whole, (-1, rows, down, columns, across, c))
        seen = ops.transpose(blocks[:, :, :tall, :, :wide], (0, 1, 3, 5, 2, 4))
        seen = ops.reshape(seen, (-1, rows, columns, c, tall * wide))
        is_largest = ops.cast(seen == ops.max(seen, -1, keepdims=True), "int32")
        is_first = ops.cast(is_largest * ops.cumsum(is_largest, -1) == 1, x.dtype)
        put = ops.reshape(is_first * x[..., None], (-1, rows, columns, c, tall, wide))
        put = ops.transpose(put, (0, 1, 4, 2, 5, 3))
        apart = [(0, 0), (0, 0), (0, down - tall), (0, 0), (0, across - wide), (0, 0)]
        put = ops.reshape(ops.pad(put, apart), (-1, rows * down, columns * across, c))
        below = positive(top + height - rows * down)
        right = positive(left + width - columns * across)
        put = ops.pad(put, [(0, 0), (0, below), (0, right), (0, 0)])
        return put[:, top : top + height, left : left + width]

    def first(self, axis, count, have):
        """How many pixels the first window along an axis sees before the image."""
        if self.edges != "same":
            return self.edges[axis][0]
        reach = (count - 1) * self.strides[axis] + self.size[axis]
        return positive(reach - have) // 2
`,
  PaddedPooling: `class PaddedPooling(layers.Layer):
    """The "max" or the "mean" of windows over the pixels that exist. Windows reach
    beyond the image by edges, ((top, bottom), (left, right)), or are
    ceil(size / stride) for "same"; with \`ceil\` a last, partial one counts that begins
    inside the image or its first edge.
    """

    def __init__(self, take, size, strides=None, edges=0, ceil=False, **kwargs):
        super().__init__(**kwargs)
        self.take = take
        self.size = pair(size)
        self.strides = pair(strides or size)
        self.edges = edges if edges == "same" else [pair(each) for each in pair(edges)]
        self.ceil = ceil

    def get_config(self):
        own = ("take", "size", "strides", "edges", "ceil")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None, None, input_shape[3])

    def call(self, x):
        sizes = ops.shape(x)[1:3]
        added = [(0, 0), *(self.around(axis, sizes[axis]) for axis in (0, 1)), (0, 0)]
        if self.take == "max":
            x = ops.pad(x, added, constant_values=float("-inf"))
            return ops.max_pool(x, self.size, self.strides)
        sums, counts = (
            ops.average_pool(ops.pad(each, added), self.size, self.strides)
            for each in (x, ops.ones_like(x[:1, :, :, :1]))
        )
        return sums / counts

    def around(self, axis, have):
        """How many pixels windows along an axis see before and behind the image."""
        window, step = self.size[axis], self.strides[axis]
        if self.edges == "same":
            added = positive((-(-have // step) - 1) * step + window - have)
            return added // 2, added - added // 2
        first, last = self.edges[axis]
        if not self.ceil:
            return first, last
        most = -(-(have + first) // step)
        count = most - positive(most - 1 + (window - have - first - last) // step)
        return first, positive((count - 1) * step + window - have - first)
`,
  PadSame: `class PadSame(layers.Layer):
    """Adds zeros for ceil(size / stride) windows, the odd one below and right."""

    def __init__(self, kernel, strides, dilation, **kwargs):
        super().__init__(**kwargs)
        self.kernel, self.strides = pair(kernel), pair(strides)
        self.dilation = pair(dilation)

    def get_config(self):
        own = ("kernel", "strides", "dilation")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], None, None, input_shape[3])

    def call(self, x):
        edges = [(0, 0)]
        for axis, (k, s, d) in enumerate(zip(self.kernel, self.strides, self.dilation)):
            size = ops.shape(x)[1 + axis]
            added = positive((-(-size // s) - 1) * s + (k - 1) * d + 1 - size)
            edges.append((added // 2, added - added // 2))
        return ops.pad(x, [*edges, (0, 0)])
`,
} as const;
