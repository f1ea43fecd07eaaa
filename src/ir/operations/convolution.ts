import { edgeSum, type Axis, type Initializer, type Padding, type Pair } from './basics.js';
import {
  pointwise,
  step,
  type AxisRule,
  type OperationRules,
  type RandomStart,
  type WeightDraft,
} from './rules.js';

export interface ConvOp {
  readonly kind: 'conv';
  readonly filters: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
  /** Pixels between neighbouring taps of the kernel; 1 where absent. */
  readonly dilation?: Pair;
  /** Input and output channels are cut into that many parts, each convolved by itself; 1 where absent. */
  readonly groups?: number;
}

/** One kernel for each input channel (times `multiplier`); channels = in * multiplier. */
export interface DepthwiseConvOp {
  readonly kind: 'depthwise_conv';
  readonly multiplier: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
  /** As in `ConvOp`. */
  readonly dilation?: Pair;
}

/** Pixels from the first to the last tap of a kernel along an axis, both counted: (k - 1) d + 1. */
export function kernelReach(
  { kernel, dilation }: { readonly kernel: Pair; readonly dilation?: Pair },
  axis: Axis,
): number {
  return (kernel[axis] - 1) * (dilation?.[axis] ?? 1) + 1;
}

/**
 * Transposed convolution. Output: `valid` in * s + max(k - s, 0), `same` in * s,
 * edges (in - 1) * s + k less the edges (PyTorch's padding).
 */
export interface ConvTransposeOp {
  readonly kind: 'conv_transpose';
  readonly filters: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
}

/** floor((in + padding - kernel) / stride) + 1, or ceil(in / stride) for `same`. */
export function windowSteps(
  kernel: number,
  stride: number,
  padding: Padding,
  axis: Axis,
): AxisRule {
  if (padding === 'same') return step({ before: stride - 1, divide: stride });
  const added = padding === 'valid' ? 0 : edgeSum(padding, axis);
  return step({
    before: added - kernel + stride,
    divide: stride,
    minimum: Math.max(1, kernel - added),
  });
}

const area = ([height, width]: Pair): number => height * width;

/** A kernel, and a bias for each channel that comes out where there is one. */
function kernelAndBias(
  shape: readonly number[],
  start: RandomStart,
  bias: boolean,
  channelsOut: number,
): readonly WeightDraft[] {
  const kernel: WeightDraft = { role: 'kernel', shape, trainable: true, start };
  if (!bias) return [kernel];
  return [kernel, { role: 'bias', shape: [channelsOut], trainable: true, start: 'zeros' }];
}

export const conv: OperationRules<ConvOp> = {
  ...pointwise,
  channels: ({ filters, groups: parts = 1 }, [first = 0]) => {
    const uneven = [first, filters].find((channels) => channels % parts !== 0);
    return uneven === undefined ? filters : { kind: 'uneven', channels: uneven, parts };
  },
  axis: (op, axis) => windowSteps(kernelReach(op, axis), op.stride[axis], op.padding, axis),
  weights: ({ kernel, filters, groups = 1, bias, initializer }, channelsIn) => {
    const channelsRead = channelsIn / groups;
    const taps = area(kernel);
    const start = { initializer, fanIn: taps * channelsRead, fanOut: taps * filters };
    return kernelAndBias([...kernel, channelsRead, filters], start, bias, filters);
  },
  multiplyAdds: ({ kernel, groups = 1 }, { channelsIn, channelsOut, pixelsOut }) =>
    (pixelsOut * area(kernel) * channelsIn * channelsOut) / groups,
  reach: kernelReach,
};

export const depthwiseConv: OperationRules<DepthwiseConvOp> = {
  ...pointwise,
  channels: ({ multiplier }, [first = 0]) => first * multiplier,
  axis: (op, axis) => windowSteps(kernelReach(op, axis), op.stride[axis], op.padding, axis),
  weights: ({ kernel, multiplier, bias, initializer }, channelsIn) => {
    const start = { initializer, fanIn: area(kernel), fanOut: area(kernel) * multiplier };
    const shape = [...kernel, channelsIn, multiplier];
    return kernelAndBias(shape, start, bias, channelsIn * multiplier);
  },
  multiplyAdds: ({ kernel }, { channelsOut, pixelsOut }) => pixelsOut * area(kernel) * channelsOut,
  reach: kernelReach,
};

export const convTranspose: OperationRules<ConvTransposeOp> = {
  ...pointwise,
  resamples: true,
  channels: ({ filters }) => filters,
  axis: (op, axis) => {
    const [kernel, stride] = [op.kernel[axis], op.stride[axis]];
    if (op.padding === 'same') return step({ multiply: stride });
    if (op.padding === 'valid') {
      return step({ multiply: stride, after: Math.max(kernel - stride, 0) });
    }
    const after = kernel - stride - edgeSum(op.padding, axis);
    return step({ multiply: stride, after, minimum: Math.max(1, Math.ceil((1 - after) / stride)) });
  },
  weights: ({ kernel, stride, filters, bias, initializer }, channelsIn) => {
    // Each output pixel sees about area / stride^2 taps of every input channel.
    const taps = Math.max(1, area(kernel) / area(stride));
    const start = { initializer, fanIn: taps * channelsIn, fanOut: area(kernel) * filters };
    return kernelAndBias([...kernel, filters, channelsIn], start, bias, filters);
  },
  multiplyAdds: ({ kernel }, { channelsIn, channelsOut, pixelsIn }) =>
    pixelsIn * area(kernel) * channelsIn * channelsOut,
  reach: ({ kernel, stride }, axis) => Math.ceil(kernel[axis] / stride[axis]),
};
