import {
  anyChannels,
  firstChannels,
  joinFormulas,
  sameChannels,
  type ChannelProblem,
  type ChannelRule,
} from './channel-rule.js';
import { everyInput } from './pixel-reach.js';
import { onePixel, weightless, type OperationRules } from './rules.js';
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

const differing = (inputs: readonly number[]): ChannelProblem => ({
  kind: 'differ',
  found: inputs.join(' and '),
});

/** Tensors of as many channels as the first has. */
const alike: ChannelRule<unknown> = {
  ...sameChannels,
  problem: (_op, inputs) =>
    inputs.every((channels) => channels === inputs[0]) ? undefined : differing(inputs),
};

/**
 * Gates of one channel meet tensors of any number. Where all have one, a gate is one whose
 * number is stated: a block may meet others of more channels elsewhere.
 */
const gated: ChannelRule<unknown> = {
  problem: (_op, inputs) => {
    const most = Math.max(...inputs);
    const fit = inputs.every((channels) => channels === most || channels === 1);
    return fit ? undefined : differing(inputs);
  },
  formula: ({ inputs }) => {
    const most = Math.max(...inputs.map(({ count }) => count));
    const widest = inputs.filter(({ count }) => count === most);
    const open = widest.find(({ formula }) => formula.kind !== 'number');
    return firstChannels({ inputs: open === undefined ? widest : [open] });
  },
};

export const concat: OperationRules<ConcatOp> = {
  ...merging,
  channels: {
    problem: anyChannels,
    formula: ({ inputs }) =>
      inputs.map(({ formula }) => formula).reduce((left, right) => joinFormulas('+', left, right)),
  },
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
  channels: gated,
  axis: () => ({ kind: 'gate' }),
  range: (_op, inputs) => {
    // A gate of 0 and 1 leaves probabilities what they are.
    const sources = inputs.filter(({ isBinary }) => isBinary !== true);
    const isExclusive = sources.length === 1 && sources[0]!.isExclusive;
    return { ...inputs.reduce(productOf), isExclusive };
  },
};
