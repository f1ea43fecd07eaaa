import type { OptimizerName } from '../../../ir/recipe.js';

/** What optimizers remember for each weight, in the order in which their rules take it. */
export const optimizerSlots = {
  adam: ['mean', 'square'],
  adamw: ['mean', 'square'],
  sgd: ['velocity'],
  rmsprop: ['square', 'velocity'],
} as const satisfies Readonly<Record<OptimizerName, readonly string[]>>;

/** What a state calls the average of a weight, which stands beside these (`../weight-average.ts`). */
export const averageSlot = 'average';

/** The names under which a state has the slots of a weight, in their order. */
export const slotNames = (weight: string, slots: readonly string[]): readonly string[] =>
  slots.map((slot) => `${weight}/${slot}`);
