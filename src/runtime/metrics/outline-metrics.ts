import type { ClassMask } from '../data/pixels.js';
import { outlineDistances, type OutlineDistances } from './outline-distances.js';

/** A measure of a class in two masks; undefined where the class is in neither. */
export type OutlineMetric = (
  predicted: ClassMask,
  truth: ClassMask,
  found: number,
) => number | undefined;

/**
 * A percentile of the distances between outlines, in pixels: both directions in one list,
 * interpolated between its values as numpy does (100 is the Hausdorff distance, 95 what MedPy
 * calls hd95). Where the class is in one mask alone it is the diagonal of the image, which no
 * distance exceeds.
 */
export const hausdorffDistance =
  (percentile: number): OutlineMetric =>
  (...masks) =>
    distanceOf(masks, ({ there, back }) =>
      percentileOf(Float64Array.from([...there, ...back]).sort(), percentile),
    );

/**
 * The average symmetric surface distance, in pixels: the mean of all distances between
 * outlines, both directions in one list (Heimann et al. 2009). Where the class is in one mask
 * alone it is the diagonal of the image.
 */
export const surfaceDistance: OutlineMetric = (...masks) =>
  distanceOf(masks, ({ there, back }) => {
    const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);
    return (sum(there) + sum(back)) / (there.length + back.length);
  });

function distanceOf(
  masks: Parameters<OutlineMetric>,
  measure: (distances: OutlineDistances) => number,
): number | undefined {
  const distances = outlineDistances(...masks);
  if (distances === 'neither') return undefined;
  const [, { height, width }] = masks;
  return distances === 'one' ? Math.hypot(height, width) : measure(distances);
}

/**
 * The F1 of outlines (Csurka et al. 2013): 2 P R / (P + R), of which P is the part of the
 * predicted outline that is no further than `tolerance` pixels from the true one, R the same
 * the other way round. Where the class is in one mask alone it is 0.
 */
export const boundaryF1 =
  (tolerance: number): OutlineMetric =>
  (...masks) => {
    const distances = outlineDistances(...masks);
    if (distances === 'neither') return undefined;
    if (distances === 'one') return 0;
    const near = (values: Float64Array): number =>
      values.reduce((count, value) => count + (value <= tolerance ? 1 : 0), 0) / values.length;
    const [precision, recall] = [near(distances.there), near(distances.back)];
    return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  };

/** A percentile of sorted values, linear between neighbours. */
function percentileOf(sorted: Float64Array, percentile: number): number {
  const position = ((sorted.length - 1) * percentile) / 100;
  const below = Math.floor(position);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (high - low) * (position - below);
}
