import type { BestEpoch } from '../runs/checkpoint.js';

/**
 * Whether an epoch is better than the best one so far. The first metric decides;
 * an epoch where it has no value, though the masks have a foreground, has found
 * nothing and is behind all where it has one. Between equal
 * values, as while nothing is found yet, the validation loss decides; where that
 * is equal too, or no number, the earlier epoch stays.
 */
export function isBetterEpoch(
  { value, validationLoss = Infinity }: Pick<BestEpoch, 'value' | 'validationLoss'>,
  best: BestEpoch | undefined,
  isLowerBetter: boolean,
): boolean {
  if (best === undefined) return true;
  if (value === best.value) return validationLoss < (best.validationLoss ?? Infinity);
  if (value === undefined) return false;
  if (best.value === undefined) return true;
  return isLowerBetter ? value < best.value : value > best.value;
}
