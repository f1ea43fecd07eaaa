import * as tf from '../tensorflow.js';

/**
 * Convolves each group of channels of x [n, h, w, in] by itself with its part of the kernel
 * [kh, kw, in / groups, out], for TensorFlow.js ignores groups.
 */
export function convolveGroups(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  groups: number,
  convolve: (x: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  if (groups === 1) return convolve(x, kernel);
  return tf.tidy(() => {
    const kernels: tf.Tensor4D[] = tf.split(kernel, groups, 3);
    const parts: tf.Tensor4D[] = tf.split(x, groups, 3);
    const values = parts.map((part, index) => convolve(part, kernels[index]!));
    return tf.concat(values, 3);
  });
}
