import { pointwise, type ChannelProblem, type OperationRules } from './rules.js';

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

function alike(_op: unknown, inputs: readonly number[]): number | ChannelProblem {
  const [first = 0] = inputs;
  if (inputs.every((channels) => channels === first)) return first;
  return { kind: 'differ', found: inputs.join(' and ') };
}

export const concat: OperationRules<ConcatOp> = {
  ...pointwise,
  channels: (_op, inputs) => inputs.reduce((sum, channels) => sum + channels, 0),
  axis: () => ({ kind: 'equal' }),
};

export const sum: OperationRules<SumOp> = {
  ...pointwise,
  commutes: true,
  channels: alike,
  axis: () => ({ kind: 'equal' }),
};

export const subtract: OperationRules<SubtractOp> = {
  ...pointwise,
  channels: alike,
  axis: () => ({ kind: 'equal' }),
};

export const multiply: OperationRules<MultiplyOp> = {
  ...pointwise,
  commutes: true,
  channels: (op, inputs) => {
    const most = Math.max(...inputs);
    const fit = inputs.every((channels) => channels === most || channels === 1);
    return fit ? most : alike(op, inputs);
  },
  axis: () => ({ kind: 'gate' }),
};
