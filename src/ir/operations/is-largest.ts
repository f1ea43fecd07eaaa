import { numberFormula } from './channel-rule.js';
import { pointwise, type OperationRules } from './rules.js';
import { unitValues } from './value-range.js';

/**
 * One channel: 1 where `channel` (from 0) has the largest value of all, else 0; of
 * equals the first is the largest, as in argmax. No gradient flows through it.
 */
export interface IsLargestOp {
  readonly kind: 'is_largest';
  readonly channel: number;
}

export const isLargest: OperationRules<IsLargestOp> = {
  ...pointwise,
  values: 'new',
  range: () => ({ ...unitValues, isBinary: true }),
  channels: {
    problem: ({ channel }, [first = 0]) =>
      channel < first ? undefined : { kind: 'no-channel', channel, last: first - 1 },
    formula: () => numberFormula(1),
  },
};
