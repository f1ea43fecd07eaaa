import type { ComponentCall, MetricName } from '../../../../ir/recipe.js';

/** A metric of a recipe with what its options say. */
export interface MetricCall {
  readonly name: MetricName;
  /** What logs call it. */
  readonly label: string;
  /** Probability above which a pixel counts, for heads of one channel. */
  readonly threshold: number;
  /** Whether probabilities are summed, in place of pixels. */
  readonly isSoft: boolean;
  /** Whether each image has its value, and the mean of them counts. */
  readonly isByImage: boolean;
  readonly epsilon: number;
  readonly percentile: number;
  /** Whether it says nothing of masks that are all background. */
  readonly needsForeground: boolean;
}

/** Reads the checked options of a metric; names are those that the log of a run has. */
export function readMetric({ name, options }: ComponentCall<MetricName>): MetricCall {
  const number = (option: string, otherwise: number): number => {
    const found = options[option];
    return typeof found === 'number' ? found : otherwise;
  };
  const threshold = number('threshold', 0.5);
  const percentile = number('percentile', 95);
  const epsilon = number('epsilon', 0);
  const isSoft = options['soft'] === true;
  const isByImage = options['per'] === 'image' || name === 'hausdorff';
  const unusual = [
    ...(isSoft ? ['soft'] : []),
    ...(options['per'] === 'image' ? ['per image'] : []),
    ...(epsilon > 0 ? [`epsilon ${epsilon}`] : []),
  ];
  const at = threshold === 0.5 || isSoft ? '' : `@${threshold}`;
  const ending = unusual.length === 0 ? '' : `(${unusual.join(', ')})`;
  const countsBackground = name === 'accuracy' || name === 'specificity';
  return {
    ...{ name, threshold, isSoft, isByImage, epsilon, percentile },
    label: `${name === 'hausdorff' ? `hausdorff${percentile}` : name}${at}${ending}`,
    needsForeground: !countsBackground && epsilon === 0,
  };
}
