import {
  boolean,
  channels,
  declare,
  edges,
  oneOf,
  pair,
  type OptionDeclaration,
} from '../component.js';
import { plain } from './plain.js';

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

/** Layers that look through windows: convolutions and pools. */
export const windowLayers = declare({
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
  adaptive_avg_pool: {
    family: 'layer',
    doc: "The mean over a fixed number of bins, whatever the size of the image: bin i of s holds the pixels floor(i in / s) to ceil((i + 1) in / s) - 1 (PyTorch's AdaptiveAvgPool2d; the pyramid of PSPNet, Zhao et al. 2017).",
    positional: ['size'],
    options: {
      size: { doc: 'Bins along each axis: height and width of the output.', schema: pair },
    },
  },
  adaptive_max_pool: {
    family: 'layer',
    doc: "The maximum over a fixed number of bins, which are those of `adaptive_avg_pool` (PyTorch's AdaptiveMaxPool2d).",
    positional: ['size'],
    options: {
      size: { doc: 'Bins along each axis: height and width of the output.', schema: pair },
    },
  },
});
