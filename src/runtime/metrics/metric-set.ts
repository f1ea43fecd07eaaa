import type { ComponentCall, MetricName } from '../../ir/recipe.js';
import { joinRows } from '../data/join-rows.js';
import { classesOfProbabilities } from '../data/overlay.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { Counter, type MeasuredRows } from './counter.js';
import type { ConfusionCounts } from './counts.js';
import { hausdorffDistance } from './hausdorff.js';
import { ImageMeans } from './image-means.js';
import type { ClassifiedImage } from './classified-image.js';
import { computeMetric, type CountedMetricName, type MetricValue } from './metrics.js';
import {
  metricLabel,
  needsForeground,
  paintingThreshold,
  readMetricOptions,
  type MetricOptions,
} from './options.js';

export { isLowerBetter, metricLabel, paintingThreshold } from './options.js';
export type { MetricValue } from './metrics.js';

/** Metrics by the names they are reported under. */
export type MetricValues = ReadonlyMap<string, MetricValue>;

/** A metric while images come in, row by row. */
interface Measure {
  add(rows: MeasuredRows): void;
  /** The image is whole. */
  endImage(): void;
  /** Forgets the rows of the image under way. */
  dropImage(): void;
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
  /** Those that say nothing where no mask has any foreground. */
  readonly #ofForeground: ReadonlySet<string>;

  /** @param classifiesImages whether images are added as wholes, by `addClassified`. */
  constructor(
    calls: readonly ComponentCall<MetricName>[],
    classCount: number,
    classifiesImages = false,
  ) {
    const counters = new Map<string, Counter>();
    const shared = (options: MetricOptions): Counter => {
      const key = options.soft ? 'soft' : String(options.threshold);
      const known = counters.get(key) ?? new Counter(options, classCount, classifiesImages);
      counters.set(key, known);
      return known;
    };
    this.#painted = shared({ ...plainCounts, threshold: paintingThreshold(calls) });
    this.#counters = counters;
    this.#ofForeground = new Set(calls.filter(needsForeground).map(metricLabel));
    this.#measures = new Map(
      calls.map((call) => {
        const options = readMetricOptions(call);
        return [options.label, createMeasure(call.name, options, classCount, shared)];
      }),
    );
  }

  /** Adds one image: probabilities and the true classes, of one size. */
  add(probabilities: Pixels, truth: ClassMask): void {
    this.addRows(probabilities, truth);
    this.endImage();
  }

  /**
   * Adds the next rows of an image, which counts when it is whole.
   *
   * @param painted the predicted classes, where something else than the thresholds of metrics
   *   decides them.
   */
  addRows(probabilities: Pixels, truth: ClassMask, painted?: ClassMask): void {
    const known = new Map<number, ClassMask>();
    const rows: MeasuredRows = {
      probabilities,
      truth,
      classes(threshold) {
        if (painted !== undefined) return painted;
        const classes = known.get(threshold) ?? classesOfProbabilities(probabilities, threshold);
        known.set(threshold, classes);
        return classes;
      },
    };
    for (const counter of this.#counters.values()) counter.add(rows);
    for (const measure of this.#measures.values()) measure.add(rows);
  }

  /**
   * Adds what was said of an image as a whole, with what is true by channel, 0 or 1: it
   * counts as a pixel does, in every class that is true of it.
   */
  addClassified(image: ClassifiedImage, truth: readonly number[]): void {
    for (const counter of this.#counters.values()) counter.addClassified(image, truth);
  }

  /** All rows of the image are there. */
  endImage(): void {
    for (const measure of this.#measures.values()) measure.endImage();
    for (const counter of this.#counters.values()) counter.endImage();
  }

  /** Forgets the rows of an image that does not become whole. */
  dropImage(): void {
    for (const measure of this.#measures.values()) measure.dropImage();
    for (const counter of this.#counters.values()) counter.dropImage();
  }

  /** How masks as they are painted agree with the true ones, over all images so far. */
  counts(): ConfusionCounts {
    return this.#painted.counts();
  }

  /** The metrics over all images so far, in the recipe's order. */
  values(): MetricValues {
    return new Map([...this.#measures].map(([label, measure]) => [label, measure.value()]));
  }

  /**
   * The metrics of a whole set. Where its masks hold nothing but background, metrics that
   * look for the foreground have no mean: the best value, that of a network that finds
   * nothing, would be 0 / 0, and what is found all the same would be better than it.
   */
  valuesOfSet(): MetricValues {
    const [, ...foreground] = this.counts().classes;
    const values = this.values();
    if (foreground.some((each) => each.truePositives + each.falseNegatives > 0)) return values;
    return new Map(
      [...values].map(([label, value]) => [
        label,
        this.#ofForeground.has(label) ? { ...value, mean: undefined } : value,
      ]),
    );
  }
}

const plainCounts: Omit<MetricOptions, 'threshold'> = {
  label: '',
  soft: false,
  perImage: false,
  epsilon: 0,
  percentile: 0,
};

function createMeasure(
  name: MetricName,
  options: MetricOptions,
  classCount: number,
  shared: (options: MetricOptions) => Counter,
): Measure {
  if (name === 'hausdorff') return measureHausdorff(options, classCount);
  const counter = shared(options);
  return options.perImage
    ? measureByImage(name, options, classCount, counter)
    : measureSet(name, options, counter);
}

// The set itself fills the counters that measures share, and empties them after each image.

function measureSet(
  name: CountedMetricName,
  { epsilon }: MetricOptions,
  counter: Counter,
): Measure {
  return {
    add: () => undefined,
    endImage: () => undefined,
    dropImage: () => undefined,
    value: () => computeMetric(name, counter.counts(), epsilon),
  };
}

function measureByImage(
  name: CountedMetricName,
  { epsilon }: MetricOptions,
  classCount: number,
  counter: Counter,
): Measure {
  const means = new ImageMeans(classCount);
  return {
    add: () => undefined,
    endImage: () => means.add(computeMetric(name, counter.countsOfImage(), epsilon).classes),
    dropImage: () => undefined,
    value: () => means.value(),
  };
}

/** Distances are those of whole masks: the rows are kept until the image is there. */
function measureHausdorff({ threshold, percentile }: MetricOptions, classCount: number): Measure {
  const means = new ImageMeans(classCount);
  let rows: (readonly [predicted: ClassMask, truth: ClassMask])[] = [];
  return {
    add: ({ truth, classes }) => void rows.push([classes(threshold), truth]),
    endImage: () => {
      const predicted = joinRows(rows.map(([mask]) => mask));
      const truth = joinRows(rows.map(([, mask]) => mask));
      rows = [];
      means.add(
        Array.from({ length: classCount }, (_, found) =>
          hausdorffDistance(predicted, truth, found, percentile),
        ),
      );
    },
    dropImage: () => {
      rows = [];
    },
    value: () => means.value(),
  };
}
