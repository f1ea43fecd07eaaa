import type { LoadedPair } from '../data/dataset.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import type { MetricValues } from '../metrics/metric-set.js';

/**
 * Looks on while images are evaluated: sees what is predicted and what is true before both are
 * forgotten. Images come one after the other; each ends with `endImage` or `dropImage`.
 */
export interface EvaluationObserver {
  /** So many images will come. */
  begin(images: number): void;
  /** The next rows of an image: probabilities of the head that is predicted, the mask as it is painted, and the true classes. */
  addRows(probabilities: Pixels, painted: ClassMask, truth: ClassMask): void;
  /** The same rows of the heads with targets of their own, by name. */
  addTargets(predicted: ReadonlyMap<string, Pixels>): void;
  /** What was said of an image as a whole, and what is true of it: 0 or 1 by channel. */
  addClassified(probabilities: Pixels, truth: readonly number[]): void;
  /** All of the image was predicted; the metrics are those of this image alone. */
  endImage(pair: LoadedPair, metrics: MetricValues): void;
  /** The image could not be predicted: what was added of it is forgotten. */
  dropImage(): void;
}
