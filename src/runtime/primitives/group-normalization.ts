import * as tf from '../tensorflow.js';
import { registerKernelGradients, runMany } from '../kernels/gradients.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { normalizeGroups, type Affine, type GroupNormOptions } from '../values/normalize-groups.js';

/** `normalizeGroups`, by our kernel on engines that have it. The same in training and after it. */
export function groupNorm(
  x: tf.Tensor4D,
  affine: Affine | undefined,
  options: GroupNormOptions,
): tf.Tensor4D {
  if (!hasKernel(kernelNames.groupNorm)) return normalizeGroups(x, affine, options);
  registerKernelGradients();
  const { shape } = x;
  const { gamma, beta } = affine ?? { gamma: tf.ones([shape[3]]), beta: tf.zeros([shape[3]]) };
  return runMany(kernelNames.groupNorm, { x, gamma, beta }, options)[0] as tf.Tensor4D;
}
