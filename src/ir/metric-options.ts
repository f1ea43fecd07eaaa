import type { ClassMetricName, ComponentCall, MetricName, ValueMetricName } from './recipe.js';

/** How a metric is taken. */
export interface MetricOptions {
  /** What it is called in logs and tables. */
  readonly label: string;
  /** Probability above which a pixel counts, for one-channel heads. */
  readonly threshold: number;
  /** Whether probabilities are summed instead of pixels counted. */
  readonly soft: boolean;
  /** Whether each image has its value, and the mean of them counts. */
  readonly perImage: boolean;
  readonly epsilon: number;
  /** Of distances. */
  readonly percentile: number;
  /** Pixels between outlines that are near each other, at most. */
  readonly tolerance: number;
  /** Parts of 0 to 1 that probabilities are sorted into. */
  readonly bins: number;
  /** What an object that is found overlaps by more than. */
  readonly iou: number;
}

/** A metric of a recipe. */
type MetricCall = ComponentCall<MetricName>;

const usualThreshold = 0.5;
const usual = { tolerance: 2, bins: 15, iou: 0.5 } as const;

/** Metrics of which a smaller value is a better one. */
const errors: ReadonlySet<MetricName> = new Set([
  'hausdorff',
  'surface_distance',
  'calibration_error',
  'mae',
  'rmse',
]);

const ofValues: ReadonlySet<MetricName> = new Set<ValueMetricName>(['mae', 'rmse']);

/** Whether a metric measures values that are predicted as they are. */
export const isValueMetric = (name: MetricName): name is ValueMetricName => ofValues.has(name);

/** Those of a list that measure classes. */
export const classMetrics = (
  calls: readonly MetricCall[],
): readonly ComponentCall<ClassMetricName>[] =>
  calls.filter((call): call is ComponentCall<ClassMetricName> => !isValueMetric(call.name));

/** Metrics that pixels of the background have a part in. */
const ofBackground: ReadonlySet<MetricName> = new Set([
  'accuracy',
  'specificity',
  'calibration_error',
]);

/** Metrics of places in masks, which a judgement of a whole image has none of. */
const ofPlaces: ReadonlySet<MetricName> = new Set([
  'hausdorff',
  'surface_distance',
  'boundary_f1',
  'average_precision',
  'panoptic_quality',
]);

/** Whether a metric needs to know where in an image classes are. */
export const needsPlaces = (name: MetricName): boolean => ofPlaces.has(name);

/** The options of a call, which the catalogue's schemas have checked; defaults where it has none. */
export function readMetricOptions(call: MetricCall): MetricOptions {
  const { soft, per } = call.options;
  return {
    label: metricLabel(call),
    threshold: thresholdOf(call),
    soft: soft === true,
    perImage: per === 'image',
    epsilon: numberOf(call, 'epsilon', 0),
    percentile: numberOf(call, 'percentile', 95),
    tolerance: numberOf(call, 'tolerance', usual.tolerance),
    bins: numberOf(call, 'bins', usual.bins),
    iou: numberOf(call, 'iou', usual.iou),
  };
}

/** The threshold by which masks are painted: that of the recipe's first metric. */
export function paintingThreshold(metrics: readonly MetricCall[]): number {
  return metrics[0] === undefined ? usualThreshold : thresholdOf(metrics[0]);
}

/** Whether a smaller value is a better one: so for distances and errors. */
export function isLowerBetter(name: MetricName): boolean {
  return errors.has(name);
}

/**
 * Whether a metric says nothing of masks that are all background. An `epsilon` says
 * what finding nothing there is worth.
 */
export function needsForeground(call: MetricCall): boolean {
  return !ofBackground.has(call.name) && readMetricOptions(call).epsilon === 0;
}

/**
 * What a metric is called in logs: its name, with the threshold where that is
 * not the usual 0.5, and what else is unusual: `dice@0.3`, `hausdorff95`,
 * `dice(soft, per image, epsilon 0.0001)`, `average_precision(iou 0.75)`.
 */
export function metricLabel(call: MetricCall): string {
  const { epsilon, percentile, soft, per } = call.options;
  const threshold = thresholdOf(call);
  const name = call.name === 'hausdorff' ? `hausdorff${String(percentile ?? 95)}` : call.name;
  const at = threshold === usualThreshold || soft === true ? '' : `@${threshold}`;
  const unusual = [
    ...(soft === true ? ['soft'] : []),
    ...(per === 'image' ? ['per image'] : []),
    ...(typeof epsilon === 'number' && epsilon > 0 ? [`epsilon ${epsilon}`] : []),
    ...(Object.keys(usual) as (keyof typeof usual)[]).flatMap((option) => {
      const value = numberOf(call, option, usual[option]);
      return value === usual[option] ? [] : [`${option} ${value}`];
    }),
  ];
  return `${name}${at}${unusual.length === 0 ? '' : `(${unusual.join(', ')})`}`;
}

const thresholdOf = (call: MetricCall): number => numberOf(call, 'threshold', usualThreshold);

function numberOf({ options }: MetricCall, name: string, otherwise: number): number {
  const found = options[name];
  return typeof found === 'number' ? found : otherwise;
}
