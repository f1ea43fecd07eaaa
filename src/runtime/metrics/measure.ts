import type { ClassifiedImage } from './classified-image.js';
import type { Counter, MeasuredRows } from './counter.js';
import { ImageMeans } from './image-means.js';
import { computeMetric, type CountedMetricName, type MetricValue } from './metrics.js';
import type { MetricOptions } from '../../ir/metric-options.js';

/** A metric while images come in, row by row, or as wholes that were classified. */
export interface Measure {
  add?(rows: MeasuredRows): void;
  /** What was said of an image as a whole, and what is true by channel, 0 or 1. */
  addClassified?(image: ClassifiedImage, truth: readonly number[]): void;
  /** The image is whole. */
  endImage?(): void;
  /** Forgets the rows of the image under way. */
  dropImage?(): void;
  value(): MetricValue;
}

// The set itself fills the counters that measures share, and empties them after each image.

/** A metric from counts over the whole set. */
export function measureSet(
  name: CountedMetricName,
  { epsilon }: MetricOptions,
  counter: Counter,
): Measure {
  return { value: () => computeMetric(name, counter.counts(), epsilon) };
}

/** A metric from the counts of each image; the mean of them. */
export function measureByImage(
  name: CountedMetricName,
  { epsilon }: MetricOptions,
  classCount: number,
  counter: Counter,
): Measure {
  const means = new ImageMeans(classCount);
  return {
    endImage: () => means.add(computeMetric(name, counter.countsOfImage(), epsilon).classes),
    value: () => means.value(),
  };
}
