/** Layers of attention. */
export const attentionLayers = {
  Attention: `class Attention(layers.Layer):
    """Multi-head attention of queries, keys and values. In windows their grid lies
    \`shift\` pixels below and right of the corner, on axes longer than a window; no two
    pixels of opposite sides look at each other.
    """

    def __init__(
        self, heads, window=None, shift=0, relative=False, scaled=True, **kwargs
    ):
        super().__init__(**kwargs)
        self.heads = heads
        self.window = window
        self.shift = shift
        self.relative = relative
        self.scaled = scaled

    def get_config(self):
        own = ("heads", "window", "shift", "relative", "scaled")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}}

    def build(self, input_shape):
        if self.relative:
            shape = ((2 * self.window - 1) ** 2, self.heads)
            self.table = self.add_weight(shape=shape, initializer="zeros", name="table")

    def compute_output_shape(self, input_shape):
        queries, _, values = input_shape
        return (*queries[:3], values[3])

    def call(self, inputs):
        queries, _, values = inputs
        _, height, width, _ = ops.shape(queries)
        if self.window is None:
            rows = [ops.reshape(x, self.row_shape(x)) for x in inputs]
            taken = self.attend(*rows, None)
        else:
            window = self.window
            counts = (height // window, width // window)
            moved = [self.shift * (1 - positive(2 - count)) for count in counts]
            rows = [self.cut(x, counts, moved) for x in inputs]
            taken = self.attend(*rows, self.added(counts, moved))
            shape = (-1, *counts, window, window, values.shape[3])
            taken = ops.transpose(ops.reshape(taken, shape), (0, 1, 3, 2, 4, 5))
        image = ops.reshape(taken, (-1, height, width, values.shape[3]))
        if self.window is None:
            return image
        return ops.roll(ops.roll(image, moved[0], 1), moved[1], 2)

    def row_shape(self, x):
        _, height, width, _ = ops.shape(x)
        return (-1, height * width, x.shape[3])

    def cut(self, x, counts, moved):
        x = ops.roll(ops.roll(x, -moved[0], 1), -moved[1], 2)
        window = self.window
        x = ops.reshape(x, (-1, counts[0], window, counts[1], window, x.shape[3]))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, window * window, x.shape[5]))

    def attend(self, queries, keys, values, added):
        q, k, v = (self.parts(x) for x in (queries, keys, values))
        if self.scaled:
            q = q / (queries.shape[2] // self.heads) ** 0.5
        products = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2)))
        if added is not None:
            shape = ops.shape(products)
            area = self.window**2
            by_image = ops.reshape(products, (-1, ops.shape(added)[0], *shape[1:]))
            products = ops.reshape(by_image + added, (-1, self.heads, area, area))
        taken = ops.transpose(ops.matmul(ops.softmax(products), v), (0, 2, 1, 3))
        return ops.reshape(taken, (-1, ops.shape(queries)[1], values.shape[2]))

    def parts(self, x):
        length, channels = ops.shape(x)[1], x.shape[2]
        x = ops.reshape(x, (-1, length, self.heads, channels // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def added(self, counts, moved):
        """What is added to products: [windows, heads, pixels, pixels]."""
        window, area = self.window, self.window**2
        added = ops.zeros((1, 1, area, area), self.compute_dtype)
        if self.shift > 0:
            edges = [count * window - by for count, by in zip(counts, moved)]
            rows, columns = (
                ops.cast(ops.arange(count * window, dtype="int32") >= edge, "int32")
                for count, edge in zip(counts, edges)
            )
            sides = 2 * ops.expand_dims(rows, 1) + ops.expand_dims(columns, 0)
            sides = ops.reshape(sides, (counts[0], window, counts[1], window))
            sides = ops.reshape(ops.transpose(sides, (0, 2, 1, 3)), (-1, 1, area))
            apart = ops.expand_dims(sides, 3) != ops.expand_dims(sides, 2)
            added = added - 30000 * ops.cast(apart, self.compute_dtype)
        if self.relative:
            places = ops.arange(window, dtype="int32")
            apart = ops.expand_dims(places, 1) - ops.expand_dims(places, 0) + window - 1
            rows = ops.reshape(apart, (window, 1, window, 1)) * (2 * window - 1)
            index = rows + ops.reshape(apart, (1, window, 1, window))
            table = ops.take(self.table, ops.reshape(index, (-1,)), 0)
            bias = ops.reshape(ops.transpose(table), (1, self.heads, area, area))
            added = added + ops.cast(bias, self.compute_dtype)
        return added
`,
  PositionTable: `class PositionTable(layers.Layer):
    """Adds a weight for each channel of every pixel."""

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = pair(size)

    def get_config(self):
        return {**super().get_config(), "size": self.size}

    def build(self, input_shape):
        shape = (*self.size, input_shape[3])
        self.table = self.add_weight(shape=shape, initializer="zeros", name="table")

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return x + self.table
`,
} as const;
