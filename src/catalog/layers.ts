import {
  boolean,
  channels,
  declare,
  edges,
  fraction,
  nonNegative,
  oneOf,
  pair,
  positive,
  rate,
  type OptionDeclaration,
  type OptionSchema,
} from './component.js';

const kernel = (value: number) =>
  ({
    doc: 'Height and width of the kernel in pixels.',
    schema: pair,
    default: value,
  }) as const satisfies OptionDeclaration;
const stride = (value: number) =>
  ({
    doc: 'Step of the kernel in pixels.',
    schema: pair,
    default: value,
  }) as const satisfies OptionDeclaration;
const padding = (value: 'same' | 'valid') =>
  ({
    doc: '`same` pads so that the output is ceil(input / stride), the odd pixel below and right; `valid` pads nothing; numbers pad that many zeros on each edge.',
    schema: { anyOf: [oneOf('same', 'valid'), ...(edges.anyOf ?? [])] },
    default: value,
  }) as const satisfies OptionDeclaration;
const bias = {
  doc: 'Whether a trained constant is added to each output channel.',
  schema: boolean,
  default: true,
} as const satisfies OptionDeclaration;
const initializer = {
  doc: 'How new kernels are filled (He et al. 2015; Glorot and Bengio 2010).',
  schema: oneOf('he_normal', 'he_uniform', 'glorot_normal', 'glorot_uniform'),
  default: 'he_normal',
} as const satisfies OptionDeclaration;
const dilation = {
  doc: 'Pixels between neighbouring taps of the kernel (Yu and Koltun 2016); `same` and `valid` count the gaps as part of the kernel.',
  schema: pair,
  default: 1,
} as const satisfies OptionDeclaration;
const shuffleFactor = { type: 'integer', minimum: 1, maximum: 64 } as const satisfies OptionSchema;
const normEpsilon = {
  doc: "Added to the variance; PyTorch's default, Keras' is 1e-3.",
  schema: positive,
  default: 1e-5,
} as const satisfies OptionDeclaration;
const affine = {
  doc: "Whether each channel is scaled and shifted by trained weights; PyTorch's InstanceNorm2d does so only when asked.",
  schema: boolean,
  default: true,
} as const satisfies OptionDeclaration;
const pooling = (what: string) =>
  ({
    family: 'layer',
    doc: `${what} over windows.`,
    positional: ['size'],
    options: {
      size: { doc: 'Height and width of the window in pixels.', schema: pair, default: 2 },
      stride: {
        doc: 'Step of the window; the window size unless given.',
        schema: pair,
        optional: true,
      },
      padding: {
        doc: 'Where windows lie beyond the image: `same` makes ceil(input / stride) of them, numbers add that many pixels on each edge. Only pixels that exist count; for a mean that counts zeros, write `pad` before.',
        schema: { anyOf: [oneOf('same', 'valid'), ...(edges.anyOf ?? [])] },
        default: 'valid',
      },
      rounding: {
        doc: '`floor` drops a last, partial window; `ceil` keeps it.',
        schema: oneOf('floor', 'ceil'),
        default: 'floor',
      },
    },
  }) as const;
const grid = {
  doc: 'Where sample points lie: `half_pixel` (Keras, PyTorch with align_corners=False), `align_corners`, or `legacy` (TensorFlow 1).',
  schema: oneOf('half_pixel', 'align_corners', 'legacy'),
  default: 'half_pixel',
} as const satisfies OptionDeclaration;
const factor = {
  doc: 'How many times taller and wider the output is.',
  schema: pair,
  default: 2,
} as const satisfies OptionDeclaration;
const target = {
  doc: 'The tensor whose height and width the output takes.',
  schema: 'tensor',
} as const satisfies OptionDeclaration;
const channelIndex = { type: 'integer', minimum: 0, maximum: 65_535 } as const;
const plain = (doc: string) => ({ family: 'layer', doc, positional: [], options: {} }) as const;
const merging = (doc: string) =>
  ({ family: 'layer', doc, positional: [], options: {}, takes: 'many' }) as const;

/** Layers: what a pipeline is made of. */
export const layers = declare({
  conv: {
    family: 'layer',
    doc: 'Convolution.',
    positional: ['channels', 'kernel'],
    options: {
      channels: { doc: 'Number of output channels.', schema: channels },
      kernel: kernel(3),
      stride: stride(1),
      padding: padding('same'),
      dilation,
      groups: {
        doc: 'Cuts input and output channels into that many parts, each convolved by itself; both must divide evenly.',
        schema: channels,
        default: 1,
      },
      bias,
      initializer,
    },
  },
  depthwise_conv: {
    family: 'layer',
    doc: 'Convolution of each channel by kernels of its own.',
    positional: ['kernel'],
    options: {
      kernel: kernel(3),
      stride: stride(1),
      padding: padding('same'),
      dilation,
      multiplier: { doc: 'Output channels for each input channel.', schema: channels, default: 1 },
      bias,
      initializer,
    },
  },
  conv_transpose: {
    family: 'layer',
    doc: 'Transposed convolution. Output: `valid` input * stride + max(kernel - stride, 0); `same` input * stride; numbers (input - 1) * stride + kernel less both edges, as in PyTorch, whose padding p with output_padding q is [p, p - q, p, p - q] here.',
    positional: ['channels', 'kernel'],
    options: {
      channels: { doc: 'Number of output channels.', schema: channels },
      kernel: kernel(2),
      stride: stride(2),
      padding: padding('valid'),
      bias,
      initializer,
    },
  },
  max_pool: pooling('The maximum'),
  avg_pool: pooling('The mean'),
  global_avg_pool: plain('The mean over height and width; the output is 1 x 1.'),
  global_max_pool: plain('The maximum over height and width; the output is 1 x 1.'),
  nearest: {
    family: 'layer',
    doc: 'Enlarges by repeating pixels.',
    positional: ['factor'],
    options: { factor },
  },
  bilinear: {
    family: 'layer',
    doc: 'Enlarges by bilinear interpolation.',
    positional: ['factor'],
    options: { factor, grid },
  },
  pixel_shuffle: {
    family: 'layer',
    doc: 'Moves channels into space: factor * factor times fewer channels, each side factor times longer (Shi et al. 2016).',
    positional: ['factor'],
    options: {
      factor: {
        doc: 'How many times taller and wider the output is; its square divides the channels.',
        schema: shuffleFactor,
        default: 2,
      },
      order: {
        doc: "Which input channels make the block of an output channel: neighbouring ones in `channels_first`, PyTorch's PixelShuffle; every one of the same remainder in `channels_last`, TensorFlow's depth_to_space.",
        schema: oneOf('channels_first', 'channels_last'),
        default: 'channels_first',
      },
    },
  },
  resize_to: {
    family: 'layer',
    doc: "Resizes to another tensor's height and width.",
    positional: ['target', 'method'],
    options: {
      target,
      method: {
        doc: 'The interpolation.',
        schema: oneOf('bilinear', 'nearest'),
        default: 'bilinear',
      },
      grid: {
        doc: "Where sample points lie: for `bilinear` as in the layer of that name, `half_pixel` unless given. `nearest` takes for output pixel i the pixel floor(i in / out) by `legacy` (PyTorch's nearest, TensorFlow 1), unless given; floor((i + 1/2) in / out) by `half_pixel` (PyTorch's nearest-exact, Keras); the rounded i (in - 1) / (out - 1) by `align_corners` (TensorFlow 1).",
        schema: oneOf('half_pixel', 'align_corners', 'legacy'),
        optional: true,
      },
    },
  },
  crop_to: {
    family: 'layer',
    doc: "Cuts the centre out, at another tensor's height and width.",
    positional: ['target'],
    options: {
      target,
      rounding: {
        doc: 'What an odd difference d does: `exact` makes the size illegal, for it has no centre; `floor` cuts floor(d / 2) rows from the top; `half_even` rounds d / 2 to the even neighbour, as torchvision does.',
        schema: oneOf('exact', 'floor', 'half_even'),
        default: 'exact',
      },
    },
  },
  pad_to: {
    family: 'layer',
    doc: "Adds zeros around, up to another tensor's height and width; the odd row goes below, the odd column right.",
    positional: ['target'],
    options: { target },
  },
  crop: {
    family: 'layer',
    doc: 'Cuts edges off.',
    positional: ['edges'],
    options: {
      edges: {
        doc: 'Pixels: one number, [vertical, horizontal] or [top, bottom, left, right].',
        schema: edges,
      },
    },
  },
  pad: {
    family: 'layer',
    doc: 'Adds edges.',
    positional: ['edges'],
    options: {
      edges: {
        doc: 'Pixels: one number, [vertical, horizontal] or [top, bottom, left, right].',
        schema: edges,
      },
      mode: { doc: 'What the edges hold.', schema: oneOf('zero', 'reflect'), default: 'zero' },
    },
  },
  batch_norm: {
    family: 'layer',
    doc: 'Batch normalisation (Ioffe and Szegedy 2015) of each channel.',
    positional: [],
    options: {
      epsilon: {
        doc: "Added to the variance; PyTorch's default, Keras' is 1e-3.",
        schema: positive,
        default: 1e-5,
      },
      momentum: {
        doc: "Part of the running value kept at each step, Keras' convention; PyTorch's momentum 0.1 is 0.9 here.",
        schema: fraction,
        default: 0.9,
      },
      running_variance: {
        doc: 'What the running variance takes of a batch of n values a channel: the `biased` variance, as Keras does, or `unbiased` n / (n - 1) times it, as PyTorch does. A TensorFlow.js model trained outside unetc always takes the biased one.',
        schema: oneOf('biased', 'unbiased'),
        default: 'biased',
      },
    },
  },
  instance_norm: {
    family: 'layer',
    doc: 'Normalisation of each channel of each image (Ulyanov et al. 2016), the same in training and after it.',
    positional: [],
    options: { epsilon: normEpsilon, affine },
  },
  group_norm: {
    family: 'layer',
    doc: "Normalisation of each image's channels in groups (Wu and He 2018), the same in training and after it.",
    positional: ['groups'],
    options: {
      groups: {
        doc: 'Parts of the channels, which it must divide; 1 normalises an image as a whole.',
        schema: channels,
        default: 32,
      },
      epsilon: normEpsilon,
      affine,
    },
  },
  layer_norm: {
    family: 'layer',
    doc: 'Normalisation of each pixel over its channels (Ba et al. 2016); `group_norm(1)` takes in height and width too.',
    positional: [],
    options: { epsilon: normEpsilon, affine },
  },
  relu: plain('max(x, 0).'),
  relu6: plain('min(max(x, 0), 6).'),
  leaky_relu: {
    family: 'layer',
    doc: 'x above zero, alpha * x below.',
    positional: ['alpha'],
    options: { alpha: { doc: 'Slope below zero.', schema: nonNegative, default: 0.01 } },
  },
  elu: plain('x above zero, exp(x) - 1 below (Clevert et al. 2015).'),
  selu: plain('Scaled ELU (Klambauer et al. 2017).'),
  prelu: {
    family: 'layer',
    doc: 'x above zero, alpha * x below, with a trained alpha for each channel (He et al. 2015).',
    positional: ['start'],
    options: {
      start: {
        doc: "The slope that every channel starts with; PyTorch's default, Keras' is 0.",
        schema: nonNegative,
        default: 0.25,
      },
    },
  },
  silu: plain('x * sigmoid(x), also called swish (Ramachandran et al. 2017).'),
  hard_swish: plain('x * relu6(x + 3) / 6 (Howard et al. 2019).'),
  gelu: plain('x * Phi(x), with the error function (Hendrycks and Gimpel 2016).'),
  mish: plain('x * tanh(softplus(x)) (Misra 2019).'),
  softplus: plain('log(1 + exp(x)).'),
  sigmoid: plain('1 / (1 + exp(-x)): a probability for each channel.'),
  tanh: plain('The hyperbolic tangent.'),
  softmax: plain('exp(x) over its sum across channels: probabilities that exclude each other.'),
  dropout: {
    family: 'layer',
    doc: 'Zeroes values at random in training and scales the rest by 1 / (1 - rate).',
    positional: ['rate'],
    options: { rate: { doc: 'Part of the values that is dropped.', schema: rate, default: 0.5 } },
  },
  spatial_dropout: {
    family: 'layer',
    doc: 'Dropout of whole channels (PyTorch: Dropout2d).',
    positional: ['rate'],
    options: { rate: { doc: 'Part of the channels that is dropped.', schema: rate, default: 0.5 } },
  },
  concat: merging(
    'Joins tensors of one height and width along their channels, in the order written.',
  ),
  add: merging('Adds tensors of one shape.'),
  average: merging('The mean of tensors of one shape.'),
  subtract: merging('The first tensor less all others, of one shape.'),
  multiply: merging('Multiplies tensors; one may be a gate of 1 x 1 pixels or of one channel.'),
  is_largest: {
    family: 'layer',
    doc: '1 where a channel has the largest value of all, else 0: a gate of one channel. Of equals the first is the largest. No gradient flows through it.',
    positional: ['channel'],
    options: { channel: { doc: 'The channel, counted from 0.', schema: channelIndex } },
  },
  identity: plain('Passes its input on.'),
});

export type LayerName = keyof typeof layers;
