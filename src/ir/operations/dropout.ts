import { pointwise, type OperationRules } from './rules.js';
import { keptRange } from './value-range.js';

/**
 * Inverted dropout of single values; of whole channels of an image (PyTorch's Dropout2d); or of
 * all that one image has (stochastic depth, Huang et al. 2016).
 */
export interface DropoutOp {
  readonly kind: 'dropout';
  readonly rate: number;
  readonly drops: 'values' | 'channels' | 'images';
}

export const dropout: OperationRules<DropoutOp> = {
  ...pointwise,
  values: 'kept',
  range: keptRange,
};
