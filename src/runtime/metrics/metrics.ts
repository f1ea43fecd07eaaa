import type { MetricName } from '../../ir/recipe.js';
import type { ClassCounts, ConfusionCounts } from './counts.js';

/** A metric over a set of images. */
export interface MetricValue {
  /**
   * By class, the background first; undefined where there is nothing to
   * measure (0 / 0): the class is neither in the masks nor in the predictions.
   */
  readonly classes: readonly (number | undefined)[];
  /**
   * The mean over the foreground classes that have a value. 1 where none has
   * one: nothing was there and nothing was found.
   */
  readonly mean: number;
}

type Formula = (counts: ClassCounts, pixels: number) => readonly [over: number, under: number];

const formulas: Readonly<Record<MetricName, Formula>> = {
  dice: ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => [
    2 * tp,
    2 * tp + fp + fn,
  ],
  iou: ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => [tp, tp + fp + fn],
  precision: ({ truePositives: tp, falsePositives: fp }) => [tp, tp + fp],
  recall: ({ truePositives: tp, falseNegatives: fn }) => [tp, tp + fn],
  accuracy: ({ falsePositives: fp, falseNegatives: fn }, pixels) => [pixels - fp - fn, pixels],
};

/**
 * A metric from exact counts. `accuracy` has the part of pixels that are right
 * for a class against the rest in `classes`, and the part of all pixels whose
 * class is right in `mean`.
 */
export function computeMetric(name: MetricName, counts: ConfusionCounts): MetricValue {
  const classes = counts.classes.map((each) => {
    const [over, under] = formulas[name](each, counts.pixels);
    return under === 0 ? undefined : over / under;
  });
  if (name === 'accuracy') {
    const right = counts.classes.reduce((sum, each) => sum + each.truePositives, 0);
    return { classes, mean: counts.pixels === 0 ? 1 : right / counts.pixels };
  }
  const known = classes.slice(1).filter((value) => value !== undefined);
  const sum = known.reduce((total, value) => total + value, 0);
  return { classes, mean: known.length === 0 ? 1 : sum / known.length };
}
