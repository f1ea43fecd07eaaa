import { pointwise, type OperationRules } from './rules.js';
import { anyValues, unitValues, type ValueRange } from './value-range.js';

export type ActivationFunction =
  | 'relu'
  | 'relu6'
  | 'leaky_relu'
  | 'elu'
  | 'selu'
  | 'silu'
  | 'hard_swish'
  | 'gelu'
  | 'mish'
  | 'softplus'
  | 'sigmoid'
  | 'tanh'
  | 'abs';

/** An element-wise function. `alpha` is the slope of leaky_relu below zero. */
export type ActivationOp =
  | { readonly kind: 'activation'; readonly function: Exclude<ActivationFunction, 'leaky_relu'> }
  | { readonly kind: 'activation'; readonly function: 'leaky_relu'; readonly alpha: number };

/** x above zero, alpha * x below, with a trained alpha for each channel, or one for all, that begins at `start`. */
export interface PReluOp {
  readonly kind: 'prelu';
  readonly start: number;
  readonly shared: boolean;
}

/** Softmax over the channels. */
export interface SoftmaxOp {
  readonly kind: 'softmax';
}

/** Least and largest values of each function, and where a curve has its least value inside. */
const ranges: Readonly<Record<ActivationFunction, readonly [number, number]>> = {
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
  abs: [0, Infinity],
};

export const sigmoidOf = (value: number): number => 1 / (1 + Math.exp(-value));

/** Functions that rise everywhere: their range follows that of what they get. */
const rising: Partial<Readonly<Record<ActivationFunction, (value: number) => number>>> = {
  relu: (value) => Math.max(0, value),
  relu6: (value) => Math.min(6, Math.max(0, value)),
  elu: (value) => (value > 0 ? value : Math.expm1(value)),
  softplus: (value) => (value > 30 ? value : Math.log1p(Math.exp(value))),
  sigmoid: sigmoidOf,
  tanh: Math.tanh,
};

const absoluteRange = ({ low, high }: ValueRange): ValueRange => ({
  low: Math.max(low, -high, 0),
  high: Math.max(-low, high),
  isExclusive: false,
});

export const activation: OperationRules<ActivationOp> = {
  ...pointwise,
  values: 'activated',
  range: (op, [first = anyValues]) => {
    const apply = rising[op.function];
    if (apply !== undefined) {
      return { low: apply(first.low), high: apply(first.high), isExclusive: false };
    }
    if (op.function === 'abs') return absoluteRange(first);
    const [low, high] = ranges[op.function];
    // Of values that are not negative, all these keep the sign and shrink little.
    return { low: first.low >= 0 ? 0 : low, high, isExclusive: false };
  },
};

export const prelu: OperationRules<PReluOp> = {
  ...pointwise,
  values: 'activated',
  range: (_op, [first = anyValues]) =>
    first.low >= 0 ? { low: first.low, high: first.high, isExclusive: false } : anyValues,
  weights: ({ start, shared }, channels) => [
    { role: 'slope', axes: { channels: shared ? 1 : channels }, trainable: true, start },
  ],
};

export const softmax: OperationRules<SoftmaxOp> = {
  ...pointwise,
  values: 'activated',
  range: () => ({ ...unitValues, isExclusive: true }),
};
