import * as tf from '../tensorflow.js';
import type { Edges } from './pad-image.js';
import type { Pair } from './pair.js';

/**
 * Surrounds x [n, h, w, c] with its own pixels, mirrored at the outermost row or column,
 * which is not repeated: numpy's 'reflect'. Throws a RangeError for an edge as wide as the
 * image. Put together from slices, because the gradient of `tf.mirrorPad` leaves out the
 * mirrored pixels.
 */
export function reflectEdges(x: tf.Tensor4D, [rows, columns]: Edges): tf.Tensor4D {
  return tf.tidy(() => reflectAxis(reflectAxis(tf.clone(x), 1, rows), 2, columns));
}

function reflectAxis(x: tf.Tensor4D, axis: 1 | 2, [before, after]: Pair): tf.Tensor4D {
  const size = x.shape[axis];
  if (Math.max(before, after) >= size) {
    throw new RangeError(`cannot reflect ${Math.max(before, after)} pixels of an axis of ${size}`);
  }
  const parts = [x];
  if (before > 0) parts.unshift(mirrored(x, axis, 1, before));
  if (after > 0) parts.push(mirrored(x, axis, size - 1 - after, after));
  return parts.length === 1 ? x : tf.concat(parts, axis);
}

/** `count` rows or columns from `start` on, in reverse order. */
function mirrored(x: tf.Tensor4D, axis: 1 | 2, start: number, count: number): tf.Tensor4D {
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  const size: [number, number, number, number] = [...x.shape];
  begin[axis] = start;
  size[axis] = count;
  return tf.reverse(tf.slice(x, begin, size), axis);
}
