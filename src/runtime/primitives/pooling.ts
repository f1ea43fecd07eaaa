import * as tf from '../tensorflow.js';
import { isSame, type PoolWindows } from '../../ir/operations/ops.js';
import { runOne } from '../kernels/gradients.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
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

/**
 * The maximum over height and width, [n, 1, 1, c]. Pixels that share the maximum share its
 * gradient evenly, as in PyTorch and TensorFlow; TensorFlow.js gives each of them all of it.
 */
export const globalMaxPool: (x: tf.Tensor4D) => tf.Tensor4D = tf.customGrad((image, save) => {
  const x = image as tf.Tensor4D;
  const value = tf.max<tf.Tensor4D>(x, [1, 2], true);
  (save as tf.GradSaveFunc)([x, value]);
  const gradFunc = (gradient: tf.Tensor4D, [saved, largest]: tf.Tensor[]): tf.Tensor4D =>
    tf.tidy(() => {
      const isLargest = tf.cast(tf.equal(saved!, largest!), 'float32');
      const count = tf.sum(isLargest, [1, 2], true);
      return tf.mul(isLargest, tf.div(gradient, count));
    });
  return { value, gradFunc: gradFunc as (gradient: tf.Tensor4D, saved: tf.Tensor[]) => tf.Tensor };
}) as (x: tf.Tensor4D) => tf.Tensor4D;

function windowsOf({ size, stride, rounding, padding }: PoolWindows): Windows {
  const isWord = padding === 'same' || isSame(padding, size, stride);
  const edges = isWord ? 'same' : edgePairs(padding);
  return { size: [...size], strides: [...stride], rounding, padding: edges };
}
