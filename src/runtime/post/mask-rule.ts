import type { MaskStep, Separation } from '../../ir/post-processing.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { joinRows } from '../data/join-rows.js';
import { classesOfProbabilities } from '../data/overlay.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { paintingThreshold } from '../../ir/metric-options.js';
import { applySteps } from './mask-steps.js';

/** How the mask that is painted is made of the probabilities. */
export interface MaskRule {
  /** Class 1 above it, where there is one channel. */
  readonly threshold: number;
  /** What is done to the whole mask then. */
  readonly steps: readonly MaskStep[];
  /** How its objects are told apart at last, where they are. */
  readonly objects: Separation | undefined;
}

/** Whether a rule looks at whole masks, so that they cannot be made row by row. */
export const needsWholeMask = ({ steps, objects }: MaskRule): boolean =>
  steps.length > 0 || objects !== undefined;

type PaintedRecipe = Pick<TrainRecipe, 'metrics' | 'post'>;

/**
 * The rule of a recipe.
 *
 * @param found the threshold that the training has found, where it has.
 */
export function maskRule({ metrics, post }: PaintedRecipe, found?: number): MaskRule {
  const { threshold: given = paintingThreshold(metrics), steps, objects } = post;
  const threshold = given === 'found' ? (found ?? usualThreshold) : given;
  return { threshold, steps, objects };
}

/** Where nothing was found. */
export const usualThreshold = 0.5;

/** The rule that metrics follow as well: undefined where the recipe says nothing of masks. */
export function measuredMaskRule(recipe: PaintedRecipe, found?: number): MaskRule | undefined {
  const { threshold, steps, objects } = recipe.post;
  const isPlain = threshold === undefined && steps.length === 0 && objects === undefined;
  return isPlain ? undefined : maskRule(recipe, found);
}

/** The mask of a whole image, of strips of its probabilities. */
export function makeMask(strips: readonly Pixels[], { threshold, steps }: MaskRule): ClassMask {
  const parts = strips.map((strip) => classesOfProbabilities(strip, threshold));
  return applySteps(joinRows(parts), steps);
}
