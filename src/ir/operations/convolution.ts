import {
  edgeSum,
  type Axis,
  type Edges,
  type Initializer,
  type Padding,
  type Pair,
} from './basics.js';
import { anyChannels, firstChannels, joinFormulas, ownChannels } from './channel-rule.js';
import { ownPixel, slidingWindow } from './pixel-reach.js';
import {
  step,
  weightless,
  type OperationRules,
  type RandomStart,
  type StepRule,
  type Weight,
} from './rules.js';
import { unknownRange } from './value-range.js';

export interface ConvOp {
  readonly kind: 'conv';
  readonly channels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Pixels from one tap of the kernel to the next. */
  readonly dilation: Pair;
  /** Parts that input and output channels are cut into, each convolved by itself. */
  readonly groups: number;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
}

/** One kernel for each input channel (times `multiplier`); channels = in * multiplier. */
export interface DepthwiseConvOp {
  readonly kind: 'depthwise_conv';
  readonly multiplier: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  /** As in `ConvOp`. */
  readonly dilation: Pair;
  readonly padding: Padding;
  readonly bias: boolean;
  readonly initializer: Initializer;
}

/** Pixels from the first to the last tap of a kernel along an axis, both counted: (k - 1) d + 1. */
export function kernelReach(
  { kernel, dilation }: Pick<ConvOp, 'kernel' | 'dilation'>,
  axis: Axis,
): number {
  return (kernel[axis] - 1) * dilation[axis] + 1;
}

/**
 * Transposed convolution: kernels k wide, laid down every s pixels and added up, span
 * (in - 1) s + k pixels of an axis. Output padding stands below and right of these, then
 * edges are cut off.
 */
export interface ConvTransposeOp {
  readonly kind: 'conv_transpose';
  readonly channels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly edges: Edges;
  /** Rows and columns that no kernel meets; at most what a stride exceeds its kernel by. */
  readonly outputPadding: Pair;
  readonly bias: boolean;
  readonly initializer: Initializer;
}

/** The size rule of windows: floor((in + padding - kernel) / stride) + 1, or ceil(in / stride) for `same`. */
export function windowSteps(
  kernel: number,
  stride: number,
  padding: Padding,
  axis: Axis,
): StepRule {
  if (padding === 'same') return step({ before: stride - 1, divide: stride });
  const added = edgeSum(padding, axis);
  return step({
    before: added - kernel + stride,
    divide: stride,
    minimum: Math.max(1, kernel - added),
  });
}

const area = ([height, width]: Pair): number => height * width;

/** A kernel, and a bias for each channel that comes out where there is one. */
function kernelAndBias(
  [height, width]: Pair,
  channelAxes: Weight['axes'],
  start: RandomStart,
  bias: boolean,
  channels: number,
): readonly Weight[] {
  const axes = { height, width, ...channelAxes };
  const kernel: Weight = { role: 'kernel', axes, trainable: true, start };
  if (!bias) return [kernel];
  return [kernel, { role: 'bias', axes: { channels }, trainable: true, start: 'zeros' }];
}

/** What all of them are: new values of every channel. */
const convolving = {
  ...weightless,
  resamples: false,
  values: 'new',
  range: unknownRange,
} as const satisfies Partial<OperationRules<unknown>>;

/** Of kernels that slide over their input. */
const sliding = {
  ...convolving,
  axis: (op, axis) => windowSteps(kernelReach(op, axis), op.stride[axis], op.padding, axis),
  reach: kernelReach,
  reads: (op, place) => {
    const { axis } = place;
    return slidingWindow(place, kernelReach(op, axis), op.stride[axis], op.padding);
  },
} as const satisfies Partial<OperationRules<ConvOp | DepthwiseConvOp>>;

export const conv: OperationRules<ConvOp> = {
  ...sliding,
  channels: {
    ...ownChannels,
    problem: ({ channels, groups: parts }, [first = 0]) => {
      const uneven = [first, channels].find((count) => count % parts !== 0);
      return uneven === undefined ? undefined : { kind: 'uneven', channels: uneven, parts };
    },
  },
  weights: ({ kernel, channels, groups, bias, initializer }, channelsIn) => {
    const channelsRead = channelsIn / groups;
    const taps = area(kernel);
    const start = { initializer, fanIn: taps * channelsRead, fanOut: taps * channels };
    const axes = { in: channelsRead, out: channels };
    return kernelAndBias(kernel, axes, start, bias, channels);
  },
  multiplyAdds: ({ kernel, groups }, { channelsIn, channelsOut, pixelsOut }) =>
    (pixelsOut * area(kernel) * channelsIn * channelsOut) / groups,
};

export const depthwiseConv: OperationRules<DepthwiseConvOp> = {
  ...sliding,
  channels: {
    problem: anyChannels,
    formula: ({ inputs, own }) => joinFormulas('*', firstChannels({ inputs }), own('multiplier')),
  },
  weights: ({ kernel, multiplier, bias, initializer }, channelsIn) => {
    const start = { initializer, fanIn: area(kernel), fanOut: area(kernel) * multiplier };
    const axes = { channels: channelsIn, multiplier };
    return kernelAndBias(kernel, axes, start, bias, channelsIn * multiplier);
  },
  multiplyAdds: ({ kernel }, { channelsOut, pixelsOut }) => pixelsOut * area(kernel) * channelsOut,
};

export const convTranspose: OperationRules<ConvTransposeOp> = {
  ...convolving,
  reads: (op, place) => {
    const { axis } = place;
    const { step: pixels, before, after } = ownPixel(op, place);
    const cut = axis === 0 ? op.edges.top : op.edges.left;
    const inner = pixels / op.stride[axis];
    return {
      step: inner,
      before: before + (op.kernel[axis] - 1 - cut) * inner,
      after: after + cut * inner,
    };
  },
  resamples: true,
  channels: ownChannels,
  axis: (op, axis) => {
    const stride = op.stride[axis];
    const after = op.kernel[axis] - stride + op.outputPadding[axis] - edgeSum(op.edges, axis);
    return step({ multiply: stride, after, minimum: Math.max(1, Math.ceil((1 - after) / stride)) });
  },
  weights: ({ kernel, stride, channels, bias, initializer }, channelsIn) => {
    // Each output pixel sees about area / stride^2 taps of every input channel.
    const taps = Math.max(1, area(kernel) / area(stride));
    const start = { initializer, fanIn: taps * channelsIn, fanOut: area(kernel) * channels };
    const axes = { in: channelsIn, out: channels };
    return kernelAndBias(kernel, axes, start, bias, channels);
  },
  multiplyAdds: ({ kernel }, { channelsIn, channelsOut, pixelsIn }) =>
    pixelsIn * area(kernel) * channelsIn * channelsOut,
  reach: ({ kernel, stride }, axis) => Math.ceil(kernel[axis] / stride[axis]),
};
