import type { TrainRecipe } from '../../ir/recipe.js';
import type { BestEpoch } from '../runs/checkpoint.js';

/**
 * Whether no epoch was better than the best one for as many as the recipe's `patience`: the
 * rule of Keras' EarlyStopping, by what picks the best epoch. It follows from what every
 * checkpoint says, so that a run that goes on ends where an unbroken one does.
 *
 * @param epoch whole epochs done.
 */
export const isOutOfPatience = (
  { patience }: Pick<TrainRecipe, 'patience'>,
  epoch: number,
  best: Pick<BestEpoch, 'epoch'> | undefined,
): boolean => patience !== undefined && best !== undefined && epoch - best.epoch >= patience;
