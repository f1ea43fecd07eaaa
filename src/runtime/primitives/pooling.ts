import * as tf from '@tensorflow/tfjs';
import { isSame, type PoolOp } from '../../ir/operations/ops.js';
import { poolMax, poolMean } from '../values/pool-windows.js';
import type { Windows } from '../values/windows.js';
import { edgePairs } from './edges.js';

/** What a pooling needs besides its tensor. */
export type PoolingOptions = Pick<PoolOp, 'size' | 'stride' | 'rounding' | 'padding'>;

/** The largest value of each window of x [n, h, w, c]. */
export function maxPool(x: tf.Tensor4D, options: PoolingOptions): tf.Tensor4D {
  return poolMax(x, windowsOf(options));
}

/** The mean over each window of x [n, h, w, c]; a partial window's mean is over the pixels that exist. */
export function avgPool(x: tf.Tensor4D, options: PoolingOptions): tf.Tensor4D {
  return poolMean(x, windowsOf(options));
}

/** The mean over height and width, [n, 1, 1, c]. */
export function globalAvgPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.mean(x, [1, 2], true);
}

/** The maximum over height and width, [n, 1, 1, c]. */
export function globalMaxPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.max(x, [1, 2], true);
}

function windowsOf({ size, stride, rounding, padding }: PoolingOptions): Windows {
  const isWord = padding === 'same' || isSame(padding, size, stride);
  const edges = isWord ? 'same' : edgePairs(padding);
  return { size: [...size], strides: [...stride], rounding, padding: edges };
}
