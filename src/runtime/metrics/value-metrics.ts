import type { ComponentCall, MetricName, ValueMetricName } from '../../ir/recipe.js';
import { isValueMetric } from '../../ir/metric-options.js';
import type { Pixels } from '../data/pixels.js';
import type { MetricValues } from './metric-set.js';
import type { MetricValue } from './metrics.js';

/** Sums over the values of one channel. */
interface ChannelSums {
  count: number;
  absolute: number;
  squared: number;
}

const formulas: Readonly<Record<ValueMetricName, (sums: ChannelSums) => number>> = {
  mae: ({ count, absolute }) => absolute / count,
  rmse: ({ count, squared }) => Math.sqrt(squared / count),
};

/**
 * The errors of values over any number of images: by channel, and of all values together in
 * `mean`. Values that are not known count nowhere; where none is known a metric has no value.
 */
export class ValueMetrics {
  readonly #names: readonly ValueMetricName[];
  readonly #totals: readonly ChannelSums[];
  #ofImage: readonly ChannelSums[];

  constructor(calls: readonly ComponentCall<MetricName>[], channels: number) {
    this.#names = calls.map(({ name }) => name).filter(isValueMetric);
    this.#totals = emptySums(channels);
    this.#ofImage = emptySums(channels);
  }

  /**
   * Adds the next rows of an image, which counts when it is whole.
   *
   * @param truth a plane for each channel, NaN where there is no value.
   */
  addRows({ data, channels }: Pixels, truth: readonly Float32Array[]): void {
    for (const [c, sums] of this.#ofImage.entries()) {
      const plane = truth[c]!;
      for (let i = 0; i < plane.length; i++) {
        const error = data[i * channels + c]! - plane[i]!;
        if (Number.isNaN(error)) continue;
        sums.count++;
        sums.absolute += Math.abs(error);
        sums.squared += error * error;
      }
    }
  }

  /** All rows of the image are there. */
  endImage(): void {
    for (const [c, total] of this.#totals.entries()) addTo(total, this.#ofImage[c]!);
    this.dropImage();
  }

  /** Forgets the rows of an image that does not become whole. */
  dropImage(): void {
    this.#ofImage = emptySums(this.#totals.length);
  }

  /** The metrics over all images so far, in the recipe's order. */
  values(): MetricValues {
    const all = emptySums(1)[0]!;
    for (const sums of this.#totals) addTo(all, sums);
    const valueOf = (name: ValueMetricName, sums: ChannelSums): number | undefined =>
      sums.count === 0 ? undefined : formulas[name](sums);
    return new Map(
      this.#names.map((name): readonly [string, MetricValue] => [
        name,
        {
          classes: this.#totals.map((sums) => valueOf(name, sums)),
          mean: valueOf(name, all),
        },
      ]),
    );
  }
}

const emptySums = (channels: number): readonly ChannelSums[] =>
  Array.from({ length: channels }, () => ({ count: 0, absolute: 0, squared: 0 }));

function addTo(total: ChannelSums, sums: ChannelSums): void {
  total.count += sums.count;
  total.absolute += sums.absolute;
  total.squared += sums.squared;
}
