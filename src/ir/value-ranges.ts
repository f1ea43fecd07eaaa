import type { GraphNode, HeadValues } from './graph.js';
import type { ActivationFunction, Op } from './operations/ops.js';

/** What is known of the values of a tensor, whatever its weights and the image are. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
  /** Whether the channels of each pixel are probabilities that sum to 1: a softmax, moved or averaged. */
  readonly isExclusive: boolean;
}

const any: ValueRange = { low: -Infinity, high: Infinity, isExclusive: false };
const unit: ValueRange = { low: 0, high: 1, isExclusive: false };

/** Least and largest values of each activation, and where a curve has its least value inside. */
const activationRanges: Readonly<Record<ActivationFunction, readonly [number, number]>> = {
  relu: [0, Infinity],
  relu6: [0, 6],
  leaky_relu: [-Infinity, Infinity],
  elu: [-1, Infinity],
  // scale * alpha of Klambauer et al. 2017.
  selu: [-1.7581, Infinity],
  silu: [-0.2785, Infinity],
  hard_swish: [-0.375, Infinity],
  gelu: [-0.17, Infinity],
  mish: [-0.3089, Infinity],
  softplus: [0, Infinity],
  sigmoid: [0, 1],
  tanh: [-1, 1],
};

export const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Functions that rise everywhere: their range follows that of what they get. */
const rising: Partial<Readonly<Record<ActivationFunction, (value: number) => number>>> = {
  relu: (value) => Math.max(0, value),
  relu6: (value) => Math.min(6, Math.max(0, value)),
  elu: (value) => (value > 0 ? value : Math.expm1(value)),
  softplus: (value) => (value > 30 ? value : Math.log1p(Math.exp(value))),
  sigmoid,
  tanh: Math.tanh,
};

/** The ranges of all tensors, by intervals from the input on. */
export function valueRanges(nodes: readonly GraphNode[]): readonly ValueRange[] {
  const ranges: ValueRange[] = [];
  extendRanges(ranges, nodes);
  return ranges;
}

/** Adds the ranges of the nodes that have none yet. */
export function extendRanges(ranges: ValueRange[], nodes: readonly GraphNode[]): void {
  for (let id = ranges.length; id < nodes.length; id++) {
    const { op, inputs } = nodes[id]!;
    ranges.push(rangeOf(op, inputs, nodes, ranges));
  }
}

/** The range of what an operation makes, whatever flows into it. */
export const rangeOnAny = (op: Op): ValueRange => rangeOf(op, [], [], []);

function rangeOf(
  op: Op,
  inputs: readonly number[],
  nodes: readonly GraphNode[],
  ranges: readonly ValueRange[],
): ValueRange {
  const given = inputs.map((input) => ranges[input] ?? any);
  const [first = any] = given;
  switch (op.kind) {
    case 'activation': {
      const [low, high] = activationRanges[op.function];
      const apply = rising[op.function];
      if (apply !== undefined) {
        return { low: apply(first.low), high: apply(first.high), isExclusive: false };
      }
      // Of values that are not negative, all these keep the sign and shrink little.
      return { low: first.low >= 0 ? 0 : low, high, isExclusive: false };
    }
    case 'prelu':
      return first.low >= 0 ? { ...first, isExclusive: false } : any;
    case 'softmax':
      return { ...unit, isExclusive: true };
    case 'is_largest':
      return unit;
    // These move or drop values, or take the mean of some of one channel.
    case 'upsample':
    case 'resize_to':
    case 'crop_to':
    case 'crop':
    case 'dropout':
    case 'avg_pool':
    case 'global_avg_pool':
    case 'adaptive_avg_pool':
      return first;
    // Around probabilities zeros stand for "outside".
    case 'pad_to':
    case 'pad':
      return { ...first, low: Math.min(0, first.low), high: Math.max(0, first.high) };
    // Of several pixels, channels no longer sum to 1.
    case 'max_pool':
    case 'global_max_pool':
    case 'pixel_shuffle':
      return { ...first, isExclusive: false };
    case 'concat':
      return { ...hull(given), isExclusive: given.length === 1 && first.isExclusive };
    case 'average':
      return { ...hull(given), isExclusive: given.every(({ isExclusive }) => isExclusive) };
    case 'add':
      return {
        low: given.reduce((sum, { low }) => sum + low, 0),
        high: given.reduce((sum, { high }) => sum + high, 0),
        isExclusive: given.length === 1 && first.isExclusive,
      };
    case 'subtract':
      return {
        low: given.slice(1).reduce((rest, { high }) => rest - high, first.low),
        high: given.slice(1).reduce((rest, { low }) => rest - low, first.high),
        isExclusive: given.length === 1 && first.isExclusive,
      };
    case 'multiply': {
      // A gate of 0 and 1 leaves probabilities what they are.
      const sources = given.filter((_, index) => nodes[inputs[index]!]?.op.kind !== 'is_largest');
      const isExclusive = sources.length === 1 && sources[0]!.isExclusive;
      return { ...given.reduce(product), isExclusive };
    }
    case 'input':
    case 'conv':
    case 'depthwise_conv':
    case 'conv_transpose':
    case 'batch_norm':
    case 'instance_norm':
    case 'group_norm':
    case 'layer_norm':
      return any;
  }
}

const hull = (ranges: readonly ValueRange[]): Pick<ValueRange, 'low' | 'high'> => ({
  low: Math.min(...ranges.map(({ low }) => low)),
  high: Math.max(...ranges.map(({ high }) => high)),
});

function product(left: ValueRange, right: ValueRange): ValueRange {
  const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);
  const corners = [
    times(left.low, right.low),
    times(left.low, right.high),
    times(left.high, right.low),
    times(left.high, right.high),
  ];
  return { low: Math.min(...corners), high: Math.max(...corners), isExclusive: false };
}

/** How a loss and a picture read values of a range: as probabilities, or as what is before them. */
export function headValuesOf({ low, high, isExclusive }: ValueRange): HeadValues {
  if (isExclusive) return 'softmax';
  return low >= 0 && high <= 1 ? 'sigmoid' : 'logits';
}
