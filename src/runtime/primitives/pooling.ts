import * as tf from '@tensorflow/tfjs';
import type { Edges, PoolOp } from '../../ir/ops.js';
import { hasEdges, padWith } from './edges.js';

/** What a pooling needs besides its tensor. */
export type PoolingOptions = Pick<PoolOp, 'size' | 'stride' | 'rounding'>;

/** Below every finite value of a pooled tensor; -Infinity would make NaN of 0 * -Infinity. */
const lowest = -3.4028234663852886e38;

/** The largest value of each window of x [n, h, w, c]. */
export function maxPool(x: tf.Tensor4D, options: PoolingOptions): tf.Tensor4D {
  const edges = overhang(x, options);
  const image = hasEdges(edges) ? padWith(x, edges, lowest) : x;
  return tf.maxPool(image, [...options.size], [...options.stride], 'valid');
}

/** The mean over each window of x [n, h, w, c]; a partial window's mean is over the pixels that exist. */
export function avgPool(x: tf.Tensor4D, options: PoolingOptions): tf.Tensor4D {
  const { size, stride } = options;
  const edges = overhang(x, options);
  if (!hasEdges(edges)) return tf.avgPool(x, [...size], [...stride], 'valid');
  const means = tf.avgPool(padWith(x, edges, 0), [...size], [...stride], 'valid');
  const [, rows, columns] = means.shape;
  const rowScale = wholeOverExisting(x.shape[1], rows, size[0], stride[0]);
  const columnScale = wholeOverExisting(x.shape[2], columns, size[1], stride[1]);
  const scale = tf.outerProduct(tf.tensor1d(rowScale), tf.tensor1d(columnScale));
  return tf.mul(means, tf.reshape(scale, [1, rows, columns, 1]));
}

/** The mean over height and width, [n, 1, 1, c]. */
export function globalAvgPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.mean(x, [1, 2], true);
}

/** The maximum over height and width, [n, 1, 1, c]. */
export function globalMaxPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.max(x, [1, 2], true);
}

/** Number of windows along one axis; with `ceil` a last, partial window counts if it starts inside. */
export function pooledSize(
  size: number,
  window: number,
  stride: number,
  rounding: PoolOp['rounding'],
): number {
  if (rounding === 'floor') return Math.floor((size - window) / stride) + 1;
  const windows = Math.ceil((size - window) / stride) + 1;
  return (windows - 1) * stride >= size ? windows - 1 : windows;
}

/** Pixels by which the last windows stick out below and right. */
function overhang(x: tf.Tensor4D, { size, stride, rounding }: PoolingOptions): Edges {
  const [, height, width] = x.shape;
  const reach = (length: number, axis: 0 | 1): number => {
    const windows = pooledSize(length, size[axis], stride[axis], rounding);
    return Math.max((windows - 1) * stride[axis] + size[axis] - length, 0);
  };
  return { top: 0, bottom: reach(height, 0), left: 0, right: reach(width, 1) };
}

function wholeOverExisting(
  length: number,
  windows: number,
  window: number,
  stride: number,
): number[] {
  return Array.from({ length: windows }, (_, index) => {
    const existing = Math.min(window, length - index * stride);
    return window / existing;
  });
}
