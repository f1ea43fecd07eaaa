import type { ClassMetricName, ComponentCall } from '../../ir/recipe.js';
import { classesOfProbabilities } from '../data/overlay.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { Counter, type MeasuredRows } from './counter.js';
import type { ConfusionCounts } from './counts.js';
import type { ClassifiedImage } from './classified-image.js';
import { averagePrecision, panopticQuality } from './instances.js';
import { measureByImage, measureSet, type Measure } from './measure.js';
import { measureObjects, measureOutlines } from './measure-masks.js';
import { measureCalibration, measureRanks } from './measure-probabilities.js';
import type { CountedMetricName, MetricValue } from './metrics.js';
import {
  metricLabel,
  needsForeground,
  paintingThreshold,
  readMetricOptions,
  type MetricOptions,
} from '../../ir/metric-options.js';
import { boundaryF1, hausdorffDistance, surfaceDistance } from './outline-metrics.js';

export type { MetricValue } from './metrics.js';

/** Metrics by the names they are reported under. */
export type MetricValues = ReadonlyMap<string, MetricValue>;

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
    calls: readonly ComponentCall<ClassMetricName>[],
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
        return [options.label, makers[call.name](options, classCount, shared)];
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
    for (const measure of this.#measures.values()) measure.add?.(rows);
  }

  /**
   * Adds what was said of an image as a whole, with what is true by channel, 0 or 1: it
   * counts as a pixel does, in every class that is true of it.
   */
  addClassified(image: ClassifiedImage, truth: readonly number[]): void {
    for (const counter of this.#counters.values()) counter.addClassified(image, truth);
    for (const measure of this.#measures.values()) measure.addClassified?.(image, truth);
  }

  /** All rows of the image are there. */
  endImage(): void {
    for (const measure of this.#measures.values()) measure.endImage?.();
    for (const counter of this.#counters.values()) counter.endImage();
  }

  /** Forgets the rows of an image that does not become whole. */
  dropImage(): void {
    for (const measure of this.#measures.values()) measure.dropImage?.();
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
  tolerance: 0,
  bins: 1,
  iou: 0.5,
};

/** How each metric is measured. */
type MakeMeasure = (
  options: MetricOptions,
  classCount: number,
  shared: (options: MetricOptions) => Counter,
) => Measure;

const counted =
  (name: CountedMetricName): MakeMeasure =>
  (options, classCount, shared) =>
    options.perImage
      ? measureByImage(name, options, classCount, shared(options))
      : measureSet(name, options, shared(options));

const makers: { readonly [N in ClassMetricName]: MakeMeasure } = {
  dice: counted('dice'),
  iou: counted('iou'),
  precision: counted('precision'),
  recall: counted('recall'),
  specificity: counted('specificity'),
  accuracy: counted('accuracy'),
  hausdorff: (options, classCount) =>
    measureOutlines(hausdorffDistance(options.percentile), options, classCount),
  surface_distance: (options, classCount) => measureOutlines(surfaceDistance, options, classCount),
  boundary_f1: (options, classCount) =>
    measureOutlines(boundaryF1(options.tolerance), options, classCount),
  auc: (_, classCount) => measureRanks(classCount),
  calibration_error: ({ bins }, classCount) => measureCalibration(bins, classCount),
  average_precision: (options, classCount) => measureObjects(averagePrecision, options, classCount),
  panoptic_quality: (options, classCount) => measureObjects(panopticQuality, options, classCount),
};
