import type { ComponentCall, MetricName } from '../../ir/recipe.js';
import { classesOfProbabilities } from '../data/overlay.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { ConfusionCounter, type ConfusionCounts } from './counts.js';
import { hausdorffDistance } from './hausdorff.js';
import { ImageMeans } from './image-means.js';
import { computeMetric, type CountedMetricName, type MetricValue } from './metrics.js';
import { paintingThreshold, readMetricOptions, type MetricOptions } from './options.js';
import { SoftCounter } from './soft-counts.js';

export { isLowerBetter, metricLabel, paintingThreshold } from './options.js';
export type { MetricValue } from './metrics.js';

/** Metrics by the names they are reported under. */
export type MetricValues = ReadonlyMap<string, MetricValue>;

/** One image: probabilities and the true classes, of one size. */
interface MeasuredImage {
  readonly probabilities: Pixels;
  readonly truth: ClassMask;
  /** The predicted classes. */
  classes(threshold: number): ClassMask;
}

/** A metric while images come in. */
interface Measure {
  add(image: MeasuredImage): void;
  value(): MetricValue;
}

/**
 * Measures a recipe's metrics over any number of images. Metrics of the same
 * counts share them.
 */
export class MetricSet {
  readonly #measures: ReadonlyMap<string, Measure>;
  readonly #counters: ReadonlyMap<string, Counter>;
  readonly #painted: Counter;

  constructor(calls: readonly ComponentCall<MetricName>[], classCount: number) {
    const counters = new Map<string, Counter>();
    const shared = (options: MetricOptions): Counter => {
      const key = options.soft ? 'soft' : String(options.threshold);
      const known = counters.get(key) ?? new Counter(options, classCount);
      counters.set(key, known);
      return known;
    };
    this.#painted = shared({ ...plainCounts, threshold: paintingThreshold(calls) });
    this.#counters = counters;
    this.#measures = new Map(
      calls.map((call) => {
        const options = readMetricOptions(call);
        return [options.label, createMeasure(call.name, options, classCount, shared)];
      }),
    );
  }

  /** Adds one image: probabilities and the true classes, of one size. */
  add(probabilities: Pixels, truth: ClassMask): void {
    const known = new Map<number, ClassMask>();
    const image: MeasuredImage = {
      probabilities,
      truth,
      classes(threshold) {
        const classes = known.get(threshold) ?? classesOfProbabilities(probabilities, threshold);
        known.set(threshold, classes);
        return classes;
      },
    };
    for (const counter of this.#counters.values()) counter.add(image);
    for (const measure of this.#measures.values()) measure.add(image);
  }

  /** How masks as they are painted agree with the true ones, over all images so far. */
  counts(): ConfusionCounts {
    return this.#painted.counts();
  }

  /** The metrics over all images so far, in the recipe's order. */
  values(): MetricValues {
    return new Map([...this.#measures].map(([label, measure]) => [label, measure.value()]));
  }
}

const plainCounts: Omit<MetricOptions, 'threshold'> = {
  label: '',
  soft: false,
  perImage: false,
  epsilon: 0,
  percentile: 0,
};

/** Exact counts of pixels, or sums of probabilities. */
class Counter {
  readonly #options: MetricOptions;
  readonly #hard: ConfusionCounter;
  readonly #soft: SoftCounter;

  constructor(options: MetricOptions, classCount: number) {
    this.#options = options;
    this.#hard = new ConfusionCounter(classCount);
    this.#soft = new SoftCounter(classCount);
  }

  add({ probabilities, truth, classes }: MeasuredImage): void {
    if (this.#options.soft) this.#soft.add(probabilities, truth);
    else this.#hard.add(classes(this.#options.threshold), truth);
  }

  counts(): ConfusionCounts {
    return this.#options.soft ? this.#soft.counts() : this.#hard.counts();
  }
}

function createMeasure(
  name: MetricName,
  options: MetricOptions,
  classCount: number,
  shared: (options: MetricOptions) => Counter,
): Measure {
  if (name === 'hausdorff') return measureHausdorff(options, classCount);
  return options.perImage
    ? measureByImage(name, options, classCount)
    : measureSet(name, options, shared(options));
}

function measureSet(
  name: CountedMetricName,
  { epsilon }: MetricOptions,
  counter: Counter,
): Measure {
  return {
    // The set itself fills the counters that measures share.
    add: () => undefined,
    value: () => computeMetric(name, counter.counts(), epsilon),
  };
}

function measureByImage(
  name: CountedMetricName,
  options: MetricOptions,
  classCount: number,
): Measure {
  const means = new ImageMeans(classCount);
  return {
    add: (image) => {
      const counter = new Counter(options, classCount);
      counter.add(image);
      means.add(computeMetric(name, counter.counts(), options.epsilon).classes);
    },
    value: () => means.value(),
  };
}

function measureHausdorff({ threshold, percentile }: MetricOptions, classCount: number): Measure {
  const means = new ImageMeans(classCount);
  return {
    add: ({ truth, classes }) => {
      const predicted = classes(threshold);
      means.add(
        Array.from({ length: classCount }, (_, found) =>
          hausdorffDistance(predicted, truth, found, percentile),
        ),
      );
    },
    value: () => means.value(),
  };
}
