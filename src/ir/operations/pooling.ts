import { edgeSum, hasEdges, type Axis, type Padding, type Pair } from './basics.js';
import { sameChannels, type ChannelProblem } from './channel-rule.js';
import { windowSteps } from './convolution.js';
import { slidingWindow, wholeImage } from './pixel-reach.js';
import { onePixel, step, weightless, type OperationRules, type StepRule } from './rules.js';
import { keptRange, mixedRange, type ValueRange } from './value-range.js';

/**
 * Pooling without overlap rules of its own: windows `size`, steps `stride`.
 * `ceil` keeps the last, partial window (PyTorch's ceil_mode); a partial
 * window's average is over the pixels that exist.
 */
export interface PoolOp {
  readonly kind: 'max_pool' | 'avg_pool';
  readonly size: Pair;
  readonly stride: Pair;
  readonly rounding: 'floor' | 'ceil';
  /**
   * Places windows beyond the image; edges are narrower than windows. What is taken is
   * over the pixels that exist alone.
   */
  readonly padding: Padding;
}

/** Which windows a pooling takes. */
export type PoolWindows = Omit<PoolOp, 'kind'>;

/** Whether windows may reach beyond the image. */
export const isPadded = ({ padding, rounding }: PoolWindows): boolean =>
  padding === 'same' || hasEdges(padding) || rounding === 'ceil';

/** The mean or the maximum over height and width; output is 1 x 1 x channels. */
export interface GlobalPoolOp {
  readonly kind: 'global_avg_pool' | 'global_max_pool';
}

/**
 * The mean or the maximum over `size` bins along each axis, whatever the size of the image: bin
 * i of s holds the pixels floor(i in / s) to ceil((i + 1) in / s) - 1, which it may share with
 * its neighbours (PyTorch's AdaptiveAvgPool2d and AdaptiveMaxPool2d).
 */
export interface AdaptivePoolOp {
  readonly kind: 'adaptive_avg_pool' | 'adaptive_max_pool';
  readonly size: Pair;
}

/** The size rule of a pooling. */
export function poolSteps(op: PoolWindows, axis: Axis): StepRule {
  const [size, stride] = [op.size[axis], op.stride[axis]];
  if (op.rounding === 'floor' || op.padding === 'same') {
    return windowSteps(size, stride, op.padding, axis);
  }
  // `ceil` keeps a last window that begins inside the image or its first edge: of P pixels of
  // padding, p of them before, ceil((in + P - size) / stride) + 1, at most ceil((in + p) / stride).
  const added = edgeSum(op.padding, axis);
  const first = axis === 0 ? op.padding.top : op.padding.left;
  const before = Math.min(added - size + stride, first);
  return step({ before: before + stride - 1, divide: stride, minimum: Math.max(1, 1 - before) });
}

/** Means keep what channels of a pixel sum to; a largest value of each channel does not. */
const pooledRange = (
  op: PoolOp | GlobalPoolOp | AdaptivePoolOp,
  inputs: readonly ValueRange[],
): ValueRange => (means.has(op.kind) ? keptRange : mixedRange)(op, inputs);

const means: ReadonlySet<string> = new Set(['avg_pool', 'global_avg_pool', 'adaptive_avg_pool']);

/** Edges in which a window could see no pixel of the image. */
function wideEdges({ size, padding }: PoolOp): ChannelProblem | undefined {
  if (padding === 'same') return undefined;
  const { top, bottom, left, right } = padding;
  const edges: readonly (readonly [number, number])[] = [
    [Math.max(top, bottom), size[0]],
    [Math.max(left, right), size[1]],
  ];
  const wide = edges.find(([edge, window]) => edge >= window);
  return wide && { kind: 'wide-edges', edge: wide[0], window: wide[1] };
}

export const pool: OperationRules<PoolOp> = {
  ...weightless,
  resamples: true,
  values: 'kept',
  range: pooledRange,
  channels: { ...sameChannels, problem: wideEdges },
  axis: poolSteps,
  reach: ({ size }, axis) => size[axis],
  reads: ({ size, stride, padding }, place) =>
    slidingWindow(place, size[place.axis], stride[place.axis], padding),
};

/** To one size, whatever the image's. */
const pooledToFixed = {
  ...weightless,
  channels: sameChannels,
  reach: onePixel,
  reads: wholeImage,
  resamples: false,
  values: 'kept',
} as const satisfies Partial<OperationRules<unknown>>;

export const globalPool: OperationRules<GlobalPoolOp> = {
  ...pooledToFixed,
  range: pooledRange,
  axis: () => ({ kind: 'fixed', size: 1 }),
};

export const adaptivePool: OperationRules<AdaptivePoolOp> = {
  ...pooledToFixed,
  range: pooledRange,
  axis: ({ size }, axis) => ({ kind: 'fixed', size: size[axis] }),
};
