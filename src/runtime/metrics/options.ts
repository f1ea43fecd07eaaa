import type { ComponentCall, MetricName } from '../../ir/recipe.js';

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
}

type MetricCall = ComponentCall<MetricName>;

const usualThreshold = 0.5;

/** The options of a call, which the catalogue's schemas have checked; defaults where it has none. */
export function readMetricOptions(call: MetricCall): MetricOptions {
  const { epsilon, percentile, soft, per } = call.options;
  return {
    label: metricLabel(call),
    threshold: thresholdOf(call),
    soft: soft === true,
    perImage: per === 'image',
    epsilon: typeof epsilon === 'number' ? epsilon : 0,
    percentile: typeof percentile === 'number' ? percentile : 95,
  };
}

/** The threshold by which masks are painted: that of the recipe's first metric. */
export function paintingThreshold(metrics: readonly MetricCall[]): number {
  return metrics[0] === undefined ? usualThreshold : thresholdOf(metrics[0]);
}

/** Whether a smaller value is a better one: so for distances. */
export function isLowerBetter(name: MetricName): boolean {
  return name === 'hausdorff';
}

/**
 * Whether a metric says nothing of masks that are all background. An `epsilon` says
 * what finding nothing there is worth.
 */
export function needsForeground(call: MetricCall): boolean {
  const countsBackground = call.name === 'accuracy' || call.name === 'specificity';
  return !countsBackground && readMetricOptions(call).epsilon === 0;
}

/**
 * What a metric is called in logs: its name, with the threshold where that is
 * not the usual 0.5, and what else is unusual: `dice@0.3`, `hausdorff95`,
 * `dice(soft, per image, epsilon 0.0001)`.
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
  ];
  return `${name}${at}${unusual.length === 0 ? '' : `(${unusual.join(', ')})`}`;
}

function thresholdOf(call: MetricCall): number {
  const { threshold } = call.options;
  return typeof threshold === 'number' ? threshold : usualThreshold;
}
