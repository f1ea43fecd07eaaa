import { attentionLayers } from './attention-layers.js';
import { channelLayers } from './channel-layers.js';
import { samplingLayers } from './sampling-layers.js';
import { windowLayers } from './window-layers.js';

/** Layers that Keras lacks; files have those that they need. */
export type CustomLayer = keyof typeof customLayers;

/** Keras finds a class of a saved model by this name. */
const registered = '@keras.saving.register_keras_serializable("unetc")';

const placedLayers = {
  Absolute: `class Absolute(layers.Layer):
    """Values without their sign."""

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, x):
        return ops.abs(x)
`,
  AdaptiveMax: `class AdaptiveMax(layers.Layer):
    """The maximum over a number of bins along each axis, whatever the image's size; bin
    i of s holds the pixels floor(i * size / s) to ceil((i + 1) * size / s) - 1.
    """

    def __init__(self, bins, **kwargs):
        super().__init__(**kwargs)
        self.bins = pair(bins)

    def get_config(self):
        return {**super().get_config(), "bins": self.bins}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.bins, input_shape[3])

    def call(self, x):
        for axis, bins in enumerate(self.bins, start=1):
            x = ops.swapaxes(x, 1, axis)
            size = ops.shape(x)[1]
            ends = [(i * size // bins, -(-(i + 1) * size // bins)) for i in range(bins)]
            parts = [ops.max(x[:, a:b], 1, keepdims=True) for a, b in ends]
            x = ops.swapaxes(ops.concatenate(parts, 1), 1, axis)
        return x
`,
  AdaptiveMean: `class AdaptiveMean(layers.Layer):
    """The mean over a number of bins along each axis, whatever the size of the image;
    bin i of s holds the pixels floor(i * size / s) to ceil((i + 1) * size / s) - 1.
    """

    def __init__(self, bins, **kwargs):
        super().__init__(**kwargs)
        self.bins = pair(bins)

    def get_config(self):
        return {**super().get_config(), "bins": self.bins}

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.bins, input_shape[3])

    def call(self, x):
        for axis, bins in enumerate(self.bins, start=1):
            x = ops.swapaxes(x, 1, axis)
            size = ops.shape(x)[1]
            ends = [(i * size // bins, -(-(i + 1) * size // bins)) for i in range(bins)]
            means = [ops.mean(x[:, a:b], 1, keepdims=True) for a, b in ends]
            x = ops.swapaxes(ops.concatenate(means, 1), 1, axis)
        return x
`,
  CropTo: `class CropTo(layers.Layer):
    """Cuts the centre of images to the height and width of a second input; of an odd
    row or column more goes below and right, or half of all is rounded to even.
    """

    def __init__(self, half_even=False, **kwargs):
        super().__init__(**kwargs)
        self.half_even = half_even

    def get_config(self):
        return {**super().get_config(), "half_even": self.half_even}

    def compute_output_shape(self, input_shape):
        image, target = input_shape
        return (image[0], *target[1:3], image[3])

    def call(self, inputs):
        image, target = inputs
        height, width = ops.shape(target)[1:3]
        top = self.first(ops.shape(image)[1] - height)
        left = self.first(ops.shape(image)[2] - width)
        return image[:, top : top + height, left : left + width]

    def first(self, cut):
        half = cut // 2
        return half + (cut % 2) * (half % 2) if self.half_even else half
`,
  EdgePadding: `class EdgePadding(layers.Layer):
    """Adds edges, ((top, bottom), (left, right)), of the outermost pixel again for
    "replicate", of the pixels of the other side for "circular".
    """

    def __init__(self, edges, mode, **kwargs):
        super().__init__(**kwargs)
        self.edges = [pair(each) for each in pair(edges)]
        self.mode = mode

    def get_config(self):
        return {**super().get_config(), "edges": self.edges, "mode": self.mode}

    def compute_output_shape(self, input_shape):
        n, *sizes, c = input_shape
        added = [None if h is None else h + sum(e) for h, e in zip(sizes, self.edges)]
        return (n, *added, c)

    def call(self, x):
        for axis, (before, after) in enumerate(self.edges, start=1):
            size = ops.shape(x)[axis]
            places = ops.arange(size + before + after, dtype="int32") - before
            if self.mode == "circular":
                places = (places + size) % size
            else:
                places = ops.minimum(ops.maximum(places, 0), size - 1)
            x = ops.take(x, places, axis)
        return x
`,
  IsLargest: `class IsLargest(layers.Layer):
    """1 where a channel has the largest value of all, the first of equals, else 0."""

    def __init__(self, channel, **kwargs):
        super().__init__(**kwargs)
        self.channel = channel

    def get_config(self):
        return {**super().get_config(), "channel": self.channel}

    def compute_output_shape(self, input_shape):
        return (*input_shape[:3], 1)

    def call(self, x):
        value = x[..., self.channel : self.channel + 1]
        before = ops.any(x[..., : self.channel] >= value, -1, keepdims=True)
        after = ops.any(x[..., self.channel + 1 :] > value, -1, keepdims=True)
        return ops.cast(ops.logical_not(ops.logical_or(before, after)), x.dtype)
`,
  PadTo: `class PadTo(layers.Layer):
    """Adds zeros around images up to the height and width of a second input."""

    def compute_output_shape(self, input_shape):
        image, target = input_shape
        return (image[0], *target[1:3], image[3])

    def call(self, inputs):
        image, target = inputs
        rows = ops.shape(target)[1] - ops.shape(image)[1]
        columns = ops.shape(target)[2] - ops.shape(image)[2]
        top, left = rows // 2, columns // 2
        edges = [(0, 0), (top, rows - top), (left, columns - left), (0, 0)]
        return ops.pad(image, edges)
`,
  PixelShuffle: `class PixelShuffle(layers.Layer):
    """Makes c channels of f * f * c, f times as tall and wide. Place (i, j) of channel
    k is number k * f * f + i * f + j for "channels_first", PyTorch's order, and
    (i * f + j) * c + k for "channels_last", TensorFlow's.
    """

    def __init__(self, factor, order, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.order = order

    def get_config(self):
        return {**super().get_config(), "factor": self.factor, "order": self.order}

    def compute_output_shape(self, input_shape):
        n, h, w, c = input_shape
        sizes = [None if size is None else size * self.factor for size in (h, w)]
        return (n, *sizes, c // self.factor**2)

    def call(self, x):
        f = self.factor
        _, h, w, _ = ops.shape(x)
        c = x.shape[-1] // f**2
        if self.order == "channels_first":
            parts = ops.reshape(x, (-1, h, w, c, f, f))
            x = ops.transpose(parts, (0, 1, 4, 2, 5, 3))
        else:
            parts = ops.reshape(x, (-1, h, w, f, f, c))
            x = ops.transpose(parts, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, h * f, w * f, c))
`,
  ReflectionPadding: `class ReflectionPadding(layers.Layer):
    """Adds edges, ((top, bottom), (left, right)), of what they mirror."""

    def __init__(self, edges, **kwargs):
        super().__init__(**kwargs)
        self.edges = [pair(each) for each in pair(edges)]

    def get_config(self):
        return {**super().get_config(), "edges": self.edges}

    def compute_output_shape(self, input_shape):
        n, *sizes, c = input_shape
        added = [None if h is None else h + sum(e) for h, e in zip(sizes, self.edges)]
        return (n, *added, c)

    def call(self, x):
        return ops.pad(x, [(0, 0), *self.edges, (0, 0)], mode="reflect")
`,
} as const;

const customLayers = {
  ...attentionLayers,
  ...placedLayers,
  ...channelLayers,
  ...samplingLayers,
  ...windowLayers,
} as const;

/** The text of a layer's class. */
export const customLayerText = (name: CustomLayer): readonly string[] => [
  registered,
  ...customLayers[name].trimEnd().split('\n'),
];

/** All, in the order in which files have them. */
export const customLayerNames = Object.keys(customLayers).sort() as readonly CustomLayer[];
