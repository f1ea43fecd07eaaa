import * as tf from '../tensorflow.js';
import { largestAlong } from './largest-along.js';
import type { Pair } from './pair.js';

/**
 * The maximum of x [n, h, w, c] over bins, as [n, rows, columns, c]: bin i of s along an axis
 * holds the pixels floor(i in / s) to ceil((i + 1) in / s) - 1 (PyTorch's AdaptiveMaxPool2d).
 * Pixels that share a maximum share its gradient evenly.
 */
export function largestOfBins(x: tf.Tensor4D, [rows, columns]: Pair): tf.Tensor4D {
  return tf.tidy(() => largestAlongAxis(largestAlongAxis(x, 1, rows), 2, columns));
}

function largestAlongAxis(x: tf.Tensor4D, axis: 1 | 2, bins: number): tf.Tensor4D {
  const size = x.shape[axis];
  const parts = Array.from({ length: bins }, (_, i) => {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const shape: [number, number, number, number] = [...x.shape];
    begin[axis] = Math.floor((i * size) / bins);
    shape[axis] = Math.ceil(((i + 1) * size) / bins) - begin[axis];
    return largestAlong(tf.slice(x, begin, shape), [axis]);
  });
  return parts.length === 1 ? parts[0]! : tf.concat(parts, axis);
}
