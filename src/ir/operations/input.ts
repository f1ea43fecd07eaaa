import { ownChannels } from './channel-rule.js';
import { pointwise, type OperationRules } from './rules.js';
import { unknownRange } from './value-range.js';

/** The input image. */
export interface InputOp {
  readonly kind: 'input';
  readonly channels: number;
}

export const input: OperationRules<InputOp> = {
  ...pointwise,
  values: 'new',
  range: unknownRange,
  channels: ownChannels,
  axis: () => ({ kind: 'source' }),
};
