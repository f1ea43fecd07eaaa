import type { TrainRecipe } from './recipe.js';

/** Images that go through the network together, at least: those of the smallest part of a whole batch. */
export const imagesOfPart = ({
  batch,
  accumulate,
}: Pick<TrainRecipe, 'batch' | 'accumulate'>): number =>
  Math.floor(batch / Math.min(batch, accumulate));
