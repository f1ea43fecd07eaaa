import * as tf from '@tensorflow/tfjs';
import { registerKernelGradients, runMany } from '../kernels/gradients.js';
import { hasKernel, kernelNames } from '../kernels/names.js';

/** Which values share statistics. */
export interface GroupNormOptions {
  /** Parts of the channels; it divides them. */
  readonly groups: number;
  /** Whether each pixel has statistics of its own, rather than each image. */
  readonly perPixel: boolean;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Scale and shift of each channel, [c]. */
export interface Affine {
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
}

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta within each group of
 * channels of x [n, h, w, c], with the biased variance; the same in training and
 * after it. Instance norm has a group for each channel (Ulyanov et al. 2016),
 * group norm a few (Wu and He 2018), layer norm one for each pixel (Ba et al. 2016).
 */
export function groupNorm(
  x: tf.Tensor4D,
  affine: Affine | undefined,
  options: GroupNormOptions,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const { groups, perPixel, epsilon } = options;
  if (hasKernel(kernelNames.groupNorm)) {
    registerKernelGradients();
    const { gamma, beta } = affine ?? { gamma: tf.ones([channels]), beta: tf.zeros([channels]) };
    return runMany(kernelNames.groupNorm, { x, gamma, beta }, options)[0] as tf.Tensor4D;
  }
  const area = height * width;
  const grouped = tf.reshape(
    x,
    perPixel
      ? [batch * area, 1, groups, channels / groups]
      : [batch, area, groups, channels / groups],
  );
  const { mean, variance } = tf.moments(grouped, [1, 3], true);
  const centred = tf.sub(grouped, mean);
  const normal = tf.reshape(tf.div(centred, tf.sqrt(tf.add(variance, epsilon))), x.shape);
  return affine ? tf.add(tf.mul(normal, affine.gamma), affine.beta) : (normal as tf.Tensor4D);
}
