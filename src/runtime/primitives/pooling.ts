import * as tf from '../tensorflow.js';
import { isSame, type PoolWindows } from '../../ir/operations/ops.js';
import { runOne } from '../kernels/gradients.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { largestAlong } from '../values/largest-along.js';
import { poolMax, poolMean } from '../values/pool-windows.js';
import { unpoolMax, type SpreadValues } from '../values/unpool-max.js';
import type { Windows } from '../values/windows.js';
import { edgePairs } from './edges.js';

/** The largest value of each window of x [n, h, w, c]. */
export function maxPool(x: tf.Tensor4D, options: PoolWindows): tf.Tensor4D {
  return poolMax(x, windowsOf(options));
}

/** Puts values where a max pooling of `image` found its maxima: the pooling's own size, zeros between. */
export function maxUnpool(x: tf.Tensor4D, image: tf.Tensor4D, options: PoolWindows): tf.Tensor4D {
  const spread = hasKernel(kernelNames.maxUnpool) ? spreadByKernel : undefined;
  return unpoolMax(x, image, windowsOf(options), spread);
}

const spreadByKernel: SpreadValues = (values, image, { size, strides }) =>
  runOne(
    kernelNames.maxUnpool,
    { dy: values, input: image },
    { filterSize: size, strides, pad: 'valid', dimRoundingMode: 'floor' },
  ) as tf.Tensor4D;

/** The mean over each window of x [n, h, w, c]; a partial window's mean is over the pixels that exist. */
export function avgPool(x: tf.Tensor4D, options: PoolWindows): tf.Tensor4D {
  return poolMean(x, windowsOf(options));
}

/** The mean over height and width, [n, 1, 1, c]. */
export function globalAvgPool(x: tf.Tensor4D): tf.Tensor4D {
  return tf.mean(x, [1, 2], true);
}

/** The maximum over height and width, [n, 1, 1, c]; see `largestAlong` for its gradient. */
export const globalMaxPool = (x: tf.Tensor4D): tf.Tensor4D => largestAlong(x, [1, 2]);

function windowsOf({ size, stride, rounding, padding }: PoolWindows): Windows {
  const isWord = padding === 'same' || isSame(padding, size, stride);
  const edges = isWord ? 'same' : edgePairs(padding);
  return { size: [...size], strides: [...stride], rounding, padding: edges };
}
