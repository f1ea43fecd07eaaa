import { everyInput } from './pixel-reach.js';
import { onePixel, weightless, type ChannelProblem, type OperationRules } from './rules.js';
import { anyValues, hullOf, productOf, type ValueRange } from './value-range.js';

/** Inputs: one or more tensors of one height and width, joined along channels in order. */
export interface ConcatOp {
  readonly kind: 'concat';
}

/** Inputs: one or more tensors of one shape. */
export interface SumOp {
  readonly kind: 'add' | 'average';
}

/** Inputs: one or more tensors of one shape; the first less all others. */
export interface SubtractOp {
  readonly kind: 'subtract';
}

/** Inputs: one or more tensors of one shape, or gates of 1 x 1 pixels or of one channel. */
export interface MultiplyOp {
  readonly kind: 'multiply';
}

/** Tensors of one size, pixel by pixel. */
const merging = {
  ...weightless,
  axis: () => ({ kind: 'equal' }),
  reach: onePixel,
  reads: everyInput,
  resamples: false,
  values: 'new',
} as const satisfies Partial<OperationRules<unknown>>;

/** Whether one tensor alone is merged, whose channels are probabilities that sum to 1. */
const isLoneExclusive = (ranges: readonly ValueRange[]): boolean =>
  ranges.length === 1 && ranges[0]!.isExclusive;

function alike(_op: unknown, inputs: readonly number[]): number | ChannelProblem {
  const [first = 0] = inputs;
  if (inputs.every((channels) => channels === first)) return first;
  return { kind: 'differ', found: inputs.join(' and ') };
}

export const concat: OperationRules<ConcatOp> = {
  ...merging,
  channels: (_op, inputs) => inputs.reduce((sum, channels) => sum + channels, 0),
  range: (_op, inputs) => ({ ...hullOf(inputs), isExclusive: isLoneExclusive(inputs) }),
};

export const sum: OperationRules<SumOp> = {
  ...merging,
  commutes: true,
  channels: alike,
  range: ({ kind }, inputs) => {
    if (kind === 'average') {
      return { ...hullOf(inputs), isExclusive: inputs.every(({ isExclusive }) => isExclusive) };
    }
    return {
      low: inputs.reduce((total, { low }) => total + low, 0),
      high: inputs.reduce((total, { high }) => total + high, 0),
      isExclusive: isLoneExclusive(inputs),
    };
  },
};

export const subtract: OperationRules<SubtractOp> = {
  ...merging,
  channels: alike,
  range: (_op, [first = anyValues, ...others]) => ({
    low: others.reduce((rest, { high }) => rest - high, first.low),
    high: others.reduce((rest, { low }) => rest - low, first.high),
    isExclusive: others.length === 0 && first.isExclusive,
  }),
};

export const multiply: OperationRules<MultiplyOp> = {
  ...merging,
  commutes: true,
  channels: (op, inputs) => {
    const most = Math.max(...inputs);
    const fit = inputs.every((channels) => channels === most || channels === 1);
    return fit ? most : alike(op, inputs);
  },
  axis: () => ({ kind: 'gate' }),
  range: (_op, inputs) => {
    // A gate of 0 and 1 leaves probabilities what they are.
    const sources = inputs.filter(({ isBinary }) => isBinary !== true);
    const isExclusive = sources.length === 1 && sources[0]!.isExclusive;
    return { ...inputs.reduce(productOf), isExclusive };
  },
};
