import * as tf from '@tensorflow/tfjs';
import { hasEdges, isSame, type Edges, type PoolOp } from '../../ir/operations/ops.js';
import { samePadding } from './convolution.js';
import { padWith } from './edges.js';

/** What a pooling needs besides its tensor. */
export type PoolingOptions = Pick<PoolOp, 'size' | 'stride' | 'rounding' | 'padding'>;

/** Below every finite value of a pooled tensor; -Infinity would make NaN of 0 * -Infinity. */
const lowest = -3.4028234663852886e38;

/** The largest value of each window of x [n, h, w, c]. */
export function maxPool(x: tf.Tensor4D, options: PoolingOptions): tf.Tensor4D {
  const edges = windowEdges(x, options);
  const image = hasEdges(edges) ? padWith(x, edges, lowest) : x;
  return tf.maxPool(image, [...options.size], [...options.stride], 'valid');
}

/** The mean over each window of x [n, h, w, c]; a partial window's mean is over the pixels that exist. */
export function avgPool(x: tf.Tensor4D, options: PoolingOptions): tf.Tensor4D {
  const { size, stride } = options;
  const edges = windowEdges(x, options);
  if (!hasEdges(edges)) return tf.avgPool(x, [...size], [...stride], 'valid');
  const means = tf.avgPool(padWith(x, edges, 0), [...size], [...stride], 'valid');
  const [, rows, columns] = means.shape;
  const rowScale = wholeOverExisting(x.shape[1], rows, size[0], stride[0], edges.top);
  const columnScale = wholeOverExisting(x.shape[2], columns, size[1], stride[1], edges.left);
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

/** What is added around x: the padding, and the reach of last windows that stick out. */
function windowEdges(x: tf.Tensor4D, { size, stride, rounding, padding }: PoolingOptions): Edges {
  const [, height, width] = x.shape;
  const { top, bottom, left, right } =
    padding === 'same' || isSame(padding, size, stride)
      ? samePadding([height, width], size, stride)
      : padding;
  const after = (length: number, axis: 0 | 1, before: number, stated: number): number => {
    const steps = (length + before + stated - size[axis]) / stride[axis];
    // With `ceil` a last, partial window counts if it begins inside.
    const windows =
      rounding === 'floor'
        ? Math.floor(steps) + 1
        : Math.min(Math.ceil(steps) + 1, Math.ceil((length + before) / stride[axis]));
    return Math.max(stated, (windows - 1) * stride[axis] + size[axis] - length - before);
  };
  return { top, bottom: after(height, 0, top, bottom), left, right: after(width, 1, left, right) };
}

function wholeOverExisting(
  length: number,
  windows: number,
  window: number,
  stride: number,
  before: number,
): number[] {
  return Array.from({ length: windows }, (_, index) => {
    const start = index * stride - before;
    return window / (Math.min(start + window, length) - Math.max(start, 0));
  });
}
