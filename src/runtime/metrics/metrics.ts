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
   * The mean over the foreground classes that have a value; undefined where none
   * has one: nothing was there and nothing was found, which says nothing.
   */
  readonly mean: number | undefined;
}

/** Metrics that counts give; the others look at places, or at probabilities as they are. */
export type CountedMetricName = Extract<
  MetricName,
  'dice' | 'iou' | 'precision' | 'recall' | 'specificity' | 'accuracy'
>;

type Formula = (counts: ClassCounts, pixels: number) => readonly [over: number, under: number];

const formulas: Readonly<Record<CountedMetricName, Formula>> = {
  dice: ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => [
    2 * tp,
    2 * tp + fp + fn,
  ],
  iou: ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) => [tp, tp + fp + fn],
  precision: ({ truePositives: tp, falsePositives: fp }) => [tp, tp + fp],
  recall: ({ truePositives: tp, falseNegatives: fn }) => [tp, tp + fn],
  specificity: ({ truePositives: tp, falsePositives: fp, falseNegatives: fn }, pixels) => [
    pixels - tp - fp - fn,
    pixels - tp - fn,
  ],
  accuracy: ({ falsePositives: fp, falseNegatives: fn }, pixels) => [pixels - fp - fn, pixels],
};

/**
 * A metric from exact counts, or from sums of probabilities in their place.
 * `accuracy` has the part of pixels that are right for a class against the rest
 * in `classes`, and the part of all pixels whose class is right in `mean`.
 *
 * @param epsilon added above and below the fraction bar, which gives a class
 *   that is nowhere the value 1.
 *
 * @example
 * ```ts
 * import { computeMetric, ConfusionCounter } from 'unetc/runtime';
 *
 * const mask = (...classes: number[]) => ({ height: 1, width: 4, data: Uint8Array.from(classes) });
 * const counter = new ConfusionCounter(2);
 * counter.add(mask(0, 1, 1, 0), mask(0, 1, 0, 0));
 * console.log(counter.matrix().join(' | '), computeMetric('iou', counter.counts()).classes.join());
 * ```
 *
 * ```text
 * 2,1 | 0,1 0.6666666666666666,0.5
 * ```
 */
export function computeMetric(
  name: CountedMetricName,
  counts: ConfusionCounts,
  epsilon = 0,
): MetricValue {
  const classes = counts.classes.map((each) => {
    const [over, under] = formulas[name](each, counts.pixels);
    return under + epsilon === 0 ? undefined : (over + epsilon) / (under + epsilon);
  });
  if (name === 'accuracy') {
    const { right, pixels } = counts;
    return { classes, mean: pixels === 0 ? undefined : right / pixels };
  }
  return { classes, mean: foregroundMean(classes) };
}

/** The mean over the foreground classes that have a value; undefined where none has one. */
export function foregroundMean(classes: readonly (number | undefined)[]): number | undefined {
  const known = classes.slice(1).filter((value) => value !== undefined);
  const sum = known.reduce((total, value) => total + value, 0);
  return known.length === 0 ? undefined : sum / known.length;
}
