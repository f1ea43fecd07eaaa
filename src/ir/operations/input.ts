import { pointwise, type OperationRules } from './rules.js';

/** The input image. */
export interface InputOp {
  readonly kind: 'input';
  readonly channels: number;
}

export const input: OperationRules<InputOp> = {
  ...pointwise,
  channels: (op) => op.channels,
  axis: () => ({ kind: 'source' }),
};
