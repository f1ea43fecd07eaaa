import { squaredDistances } from '../data/distance-transform.js';
import { IGNORED, type ClassMask } from '../data/pixels.js';

/**
 * A percentile of the distances between the outlines of a class in two masks,
 * in pixels: from each outline pixel of either mask to the nearest one of the
 * other, both directions in one list, interpolated between its values as
 * numpy does (100 is the Hausdorff distance, 95 what MedPy calls hd95).
 * An outline pixel has a neighbour above, below or beside it, the world outside
 * the image included, that is not of the class. Pixels without a true class
 * are of no class in both masks.
 *
 * @returns undefined where the class is in neither mask; where it is in one
 *   alone, the diagonal of the image, which no distance exceeds.
 */
export function hausdorffDistance(
  predicted: ClassMask,
  truth: ClassMask,
  found: number,
  percentile: number,
): number | undefined {
  const { height, width } = truth;
  const one = outlineOf(predicted, truth, found);
  const other = outlineOf(truth, truth, found);
  if (one.pixels.length === 0 && other.pixels.length === 0) return undefined;
  if (one.pixels.length === 0 || other.pixels.length === 0) return Math.hypot(height, width);
  const there = squaredDistances(other.marked, height, width);
  const back = squaredDistances(one.marked, height, width);
  const distances = Float64Array.from([
    ...one.pixels.map((at) => Math.sqrt(there[at]!)),
    ...other.pixels.map((at) => Math.sqrt(back[at]!)),
  ]);
  return percentileOf(distances.sort(), percentile);
}

interface Outline {
  /** 1 on the outline. */
  readonly marked: Uint8Array;
  readonly pixels: readonly number[];
}

function outlineOf({ height, width, data }: ClassMask, truth: ClassMask, found: number): Outline {
  const marked = new Uint8Array(data.length);
  const pixels: number[] = [];
  const isIn = (at: number): boolean => data[at] === found && truth.data[at] !== IGNORED;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (!isIn(at)) continue;
      const isInside =
        y > 0 &&
        y < height - 1 &&
        x > 0 &&
        x < width - 1 &&
        isIn(at - width) &&
        isIn(at + width) &&
        isIn(at - 1) &&
        isIn(at + 1);
      if (isInside) continue;
      marked[at] = 1;
      pixels.push(at);
    }
  }
  return { marked, pixels };
}

/** A percentile of sorted values, linear between neighbours. */
function percentileOf(sorted: Float64Array, percentile: number): number {
  const position = ((sorted.length - 1) * percentile) / 100;
  const below = Math.floor(position);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (high - low) * (position - below);
}
