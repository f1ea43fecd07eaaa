import * as tf from '../tensorflow.js';
import type { Pair } from './pair.js';

/** Pixels before and after each axis: [[top, bottom], [left, right]]. */
export type Edges = [Pair, Pair];

/** Adds edges of one value around x [n, h, w, c]. */
export function padImage(x: tf.Tensor4D, [rows, columns]: Edges, value = 0): tf.Tensor4D {
  return tf.pad(x, [[0, 0], rows, columns, [0, 0]], value);
}
