import type { ComponentCall, ScheduleName } from '../../ir/recipe.js';
import { numberOption } from '../call-options.js';

/** How the learning rate of a schedule `plateau` stands; it follows from all validations before. */
export interface PlateauState {
  /** On the learning rate. */
  readonly factor: number;
  /** Epochs since the best one that count. */
  readonly waited: number;
  /** Epochs after the last step that do not count yet. */
  readonly resting: number;
}

const start: PlateauState = { factor: 1, waited: 0, resting: 0 };

/**
 * The state for the next epoch: ReduceLROnPlateau of Keras and PyTorch, by what picks the best
 * epoch, and with the patience of Keras. Undefined for other schedules.
 *
 * @param before undefined for the first epoch.
 * @param isBest whether the epoch that is done is better than all before it.
 */
export function plateauAfter(
  call: ComponentCall<ScheduleName>,
  before: PlateauState | undefined,
  isBest: boolean,
): PlateauState | undefined {
  if (call.name !== 'plateau') return undefined;
  const { factor, waited, resting } = before ?? start;
  const isResting = resting > 0;
  const next = isBest || isResting ? 0 : waited + 1;
  if (next < numberOption(call, 'patience')) {
    return { factor, waited: next, resting: Math.max(0, resting - 1) };
  }
  return {
    factor: Math.max(factor * numberOption(call, 'factor'), numberOption(call, 'floor')),
    waited: 0,
    resting: numberOption(call, 'cooldown'),
  };
}
