import { foregroundMean, type MetricValue } from './metrics.js';

/** Means over images of a metric that each image has for itself. */
export class ImageMeans {
  readonly #sums: Float64Array;
  readonly #images: Float64Array;

  constructor(classCount: number) {
    this.#sums = new Float64Array(classCount);
    this.#images = new Float64Array(classCount);
  }

  /** Adds the values of one image by class; a class without one leaves the image out of its mean. */
  add(classes: readonly (number | undefined)[]): void {
    classes.forEach((value, c) => {
      if (value === undefined) return;
      this.#sums[c]! += value;
      this.#images[c]! += 1;
    });
  }

  value(): MetricValue {
    const classes = Array.from(this.#sums, (sum, c) =>
      this.#images[c] === 0 ? undefined : sum / this.#images[c]!,
    );
    return { classes, mean: foregroundMean(classes) };
  }
}
