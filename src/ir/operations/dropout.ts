import { pointwise, type OperationRules } from './rules.js';
import { keptRange } from './value-range.js';

/** Inverted dropout; `spatial` drops whole channels (PyTorch's Dropout2d). */
export interface DropoutOp {
  readonly kind: 'dropout';
  readonly rate: number;
  readonly spatial: boolean;
}

export const dropout: OperationRules<DropoutOp> = {
  ...pointwise,
  values: 'kept',
  range: keptRange,
};
