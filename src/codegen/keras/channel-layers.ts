/** Layers that take, move or join channels. */
export const channelLayers = {
  ChannelPadding: `class ChannelPadding(layers.Layer):
    """Adds channels of zeros behind those there are."""

    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        self.channels = channels

    def get_config(self):
        return {**super().get_config(), "channels": self.channels}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], self.channels)

    def call(self, x):
        added = self.channels - x.shape[3]
        return ops.pad(x, [(0, 0), (0, 0), (0, 0), (0, added)])
`,
  ChannelPart: `class ChannelPart(layers.Layer):
    """One of several equal parts of the channels."""

    def __init__(self, parts, part, **kwargs):
        super().__init__(**kwargs)
        self.parts = parts
        self.part = part

    def get_config(self):
        return {**super().get_config(), "parts": self.parts, "part": self.part}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], input_shape[3] // self.parts)

    def call(self, x):
        size = x.shape[3] // self.parts
        return x[..., self.part * size : (self.part + 1) * size]
`,
  ChannelPooling: `class ChannelPooling(layers.Layer):
    """The mean or the maximum of all channels of each pixel."""

    def __init__(self, take, **kwargs):
        super().__init__(**kwargs)
        self.take = take

    def get_config(self):
        return {**super().get_config(), "take": self.take}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], 1)

    def call(self, x):
        take = ops.mean if self.take == "mean" else ops.max
        return take(x, -1, keepdims=True)
`,
  ChannelScale: `class ChannelScale(layers.Layer):
    """Multiplies each channel by a weight."""

    def __init__(self, start, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def get_config(self):
        return {**super().get_config(), "start": self.start}

    def build(self, input_shape):
        start = keras.initializers.Constant(self.start)
        self.gamma = self.add_weight(
            shape=(input_shape[3],), initializer=start, name="gamma"
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return x * self.gamma
`,
  ChannelShuffle: `class ChannelShuffle(layers.Layer):
    """Deals the channels of groups out in turn."""

    def __init__(self, groups, **kwargs):
        super().__init__(**kwargs)
        self.groups = groups

    def get_config(self):
        return {**super().get_config(), "groups": self.groups}

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        _, h, w, c = ops.shape(x)
        size = x.shape[3] // self.groups
        parts = ops.reshape(x, (-1, h, w, self.groups, size))
        return ops.reshape(ops.swapaxes(parts, 3, 4), (-1, h, w, c))
`,
  ChannelSlice: `class ChannelSlice(layers.Layer):
    """The channels from one to before another, counted from 0."""

    def __init__(self, start, stop, **kwargs):
        super().__init__(**kwargs)
        self.start = start
        self.stop = stop

    def get_config(self):
        return {**super().get_config(), "start": self.start, "stop": self.stop}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], self.stop - self.start)

    def call(self, x):
        return x[..., self.start : self.stop]
`,
  SpaceToDepth: `class SpaceToDepth(layers.Layer):
    """Makes f * f * c channels of c, undoing a pixel shuffle of the same order."""

    def __init__(self, factor, order, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.order = order

    def get_config(self):
        return {**super().get_config(), "factor": self.factor, "order": self.order}

    def compute_output_shape(self, input_shape):
        n, h, w, c = input_shape
        sizes = [None if size is None else size // self.factor for size in (h, w)]
        return (n, *sizes, c * self.factor**2)

    def call(self, x):
        f = self.factor
        _, h, w, c = ops.shape(x)
        h, w = h // f, w // f
        parts = ops.reshape(x, (-1, h, f, w, f, c))
        first = self.order == "channels_first"
        order = (0, 1, 3, 5, 2, 4) if first else (0, 1, 3, 2, 4, 5)
        return ops.reshape(ops.transpose(parts, order), (-1, h, w, x.shape[3] * f * f))
`,
} as const;
