import { squaredDistances } from '../data/distance-transform.js';
import type { ClassMask } from '../data/pixels.js';
import { IGNORED } from '../data/pixels.js';
import { labelObjects, type Box, type ObjectLabels } from './objects.js';

/** The two numbers of the border weight map. */
export interface BorderOptions {
  /** Weight of the narrowest borders; 10 in the paper. */
  readonly w0: number;
  /** Reach of a border in pixels; 5 in the paper. */
  readonly sigma: number;
}

/** Euclidean distances in pixels from every pixel to objects; 0 inside one, infinite where none is in reach. */
export interface BorderDistances {
  /** To the nearest object. */
  readonly nearest: Float64Array;
  /** To the second nearest, another object. */
  readonly second: Float64Array;
}

/**
 * The border weight map of Ronneberger et al. 2015, equation 2:
 * w = wc + w0 exp(-(d1 + d2)^2 / (2 sigma^2)), with the class balance wc given
 * for each class; d1 and d2 are the exact Euclidean distances to the nearest and
 * the second nearest object. The exponential is added in the background alone,
 * where borders lie. Pixels without a class get 1.
 *
 * @param balance wc by class.
 * @param objects those of a mask of instances (`labelInstances`); the connected
 *   parts of the mask unless given.
 * @returns height x width weights.
 */
export function borderWeights(
  mask: ClassMask,
  balance: readonly number[],
  options: BorderOptions,
  objects: ObjectLabels = labelObjects(mask),
): Float32Array {
  const distances = borderDistances(objects, reachOf(options));
  const terms = borderTerms(distances, options);
  return Float32Array.from(mask.data, (found, i) => {
    if (found === IGNORED) return 1;
    return (balance[found] ?? 1) + (found === 0 ? terms[i]! : 0);
  });
}

/**
 * The weights that give all classes of a training set the same sum: pixels /
 * (classes that occur * pixels of the class). Classes that never occur get 1.
 *
 * @param counts pixels of each class in the whole set.
 */
export function classBalance(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 1 : total / (present * count)));
}

/** w0 exp(-(d1 + d2)^2 / (2 sigma^2)) for every pixel. */
export function borderTerms(
  { nearest, second }: BorderDistances,
  { w0, sigma }: BorderOptions,
): Float64Array {
  return nearest.map((d1, i) => w0 * Math.exp(-((d1 + second[i]!) ** 2) / (2 * sigma ** 2)));
}

/** Where the term is below 1e-12 w0: exp(-x^2 / 2) at x = 7.44. */
function reachOf({ sigma }: BorderOptions): number {
  return Math.ceil(7.5 * sigma);
}

/**
 * Exact distances to the two nearest objects as far as `reach` pixels; each
 * object is looked at in its own surroundings only.
 */
export function borderDistances(objects: ObjectLabels, reach: number): BorderDistances {
  const { width, height, boxes } = objects;
  const nearest = new Float64Array(width * height).fill(Infinity);
  const second = new Float64Array(width * height).fill(Infinity);
  boxes.forEach((box, index) => {
    const top = Math.max(0, box.top - reach);
    const left = Math.max(0, box.left - reach);
    const bottom = Math.min(height, box.bottom + reach);
    const right = Math.min(width, box.right + reach);
    const marked = objectIn(objects, index + 1, { top, left, bottom, right });
    const squares = squaredDistances(marked, bottom - top, right - left);
    for (let y = top, from = 0; y < bottom; y++) {
      for (let x = left; x < right; x++, from++) {
        const at = y * width + x;
        const distance = Math.sqrt(squares[from]!);
        if (distance < nearest[at]!) {
          second[at] = nearest[at]!;
          nearest[at] = distance;
        } else if (distance < second[at]!) second[at] = distance;
      }
    }
  });
  return { nearest, second };
}

/** The pixels of one object in a window, 1 on it. */
function objectIn(
  { labels, width }: ObjectLabels,
  label: number,
  { top, left, bottom, right }: Box,
): Uint8Array {
  const marked = new Uint8Array((bottom - top) * (right - left));
  for (let y = top, to = 0; y < bottom; y++) {
    for (let x = left; x < right; x++, to++) {
      if (labels[y * width + x] === label) marked[to] = 1;
    }
  }
  return marked;
}
