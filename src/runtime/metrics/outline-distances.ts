import { squaredDistances } from '../data/distance-transform.js';
import { IGNORED, type ClassMask } from '../data/pixels.js';

/** Distances between the outlines of a class in two masks, in pixels. */
export interface OutlineDistances {
  /** From each outline pixel of the prediction to the nearest one of the truth. */
  readonly there: Float64Array;
  /** From each outline pixel of the truth to the nearest one of the prediction. */
  readonly back: Float64Array;
}

/**
 * Exact Euclidean distances between outlines. An outline pixel has a neighbour above, below
 * or beside it, the world outside the image included, that is not of the class. Pixels without
 * a true class are of no class in both masks.
 *
 * @returns `neither` where the class is in neither mask, `one` where it is in one alone.
 */
export function outlineDistances(
  predicted: ClassMask,
  truth: ClassMask,
  found: number,
): OutlineDistances | 'neither' | 'one' {
  const { height, width } = truth;
  const one = outlineOf(predicted, truth, found);
  const other = outlineOf(truth, truth, found);
  if (one.pixels.length === 0 && other.pixels.length === 0) return 'neither';
  if (one.pixels.length === 0 || other.pixels.length === 0) return 'one';
  const toTruth = squaredDistances(other.marked, height, width);
  const toPrediction = squaredDistances(one.marked, height, width);
  return {
    there: Float64Array.from(one.pixels, (at) => Math.sqrt(toTruth[at]!)),
    back: Float64Array.from(other.pixels, (at) => Math.sqrt(toPrediction[at]!)),
  };
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
