import type { ComponentCall, MetricName } from '../../ir/recipe.js';
import { classesOfProbabilities } from '../data/overlay.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { ConfusionCounter } from './counts.js';
import { computeMetric, type MetricValue } from './metrics.js';

export type { MetricValue } from './metrics.js';

/** Metrics by the names they are reported under. */
export type MetricValues = ReadonlyMap<string, MetricValue>;

const usualThreshold = 0.5;

/** The threshold of a metric, for one-channel heads. */
function thresholdOf(call: ComponentCall<MetricName>): number {
  const { threshold } = call.options;
  return typeof threshold === 'number' ? threshold : usualThreshold;
}

/** The threshold by which masks are painted: that of the recipe's first metric. */
export function paintingThreshold(metrics: readonly ComponentCall<MetricName>[]): number {
  return metrics[0] === undefined ? usualThreshold : thresholdOf(metrics[0]);
}

/**
 * What a metric is called in logs: its name, with the threshold where that is
 * not the usual 0.5 (`dice@0.3`).
 */
export function metricLabel(call: ComponentCall<MetricName>): string {
  const threshold = thresholdOf(call);
  return threshold === usualThreshold ? call.name : `${call.name}@${threshold}`;
}

/**
 * Measures a recipe's metrics over any number of images. Metrics of one
 * threshold share their counts.
 */
export class MetricSet {
  readonly #calls: readonly ComponentCall<MetricName>[];
  readonly #counters: ReadonlyMap<number, ConfusionCounter>;

  constructor(calls: readonly ComponentCall<MetricName>[], classCount: number) {
    this.#calls = calls;
    this.#counters = new Map(
      calls.map((call) => [thresholdOf(call), new ConfusionCounter(classCount)]),
    );
  }

  /** Adds one image: probabilities and the true classes, of one size. */
  add(probabilities: Pixels, truth: ClassMask): void {
    for (const [threshold, counter] of this.#counters) {
      counter.add(classesOfProbabilities(probabilities, threshold), truth);
    }
  }

  /** The metrics over all images so far, in the recipe's order. */
  values(): MetricValues {
    const counts = new Map(
      [...this.#counters].map(([threshold, counter]) => [threshold, counter.counts()]),
    );
    return new Map(
      this.#calls.map((call) => [
        metricLabel(call),
        computeMetric(call.name, counts.get(thresholdOf(call))!),
      ]),
    );
  }
}
