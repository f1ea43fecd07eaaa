import * as tf from '../tensorflow.js';

/** x above zero, alpha * x below: x [n, h, w, c], alpha [c], or [1] for all channels. */
export function applyPrelu(x: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  const channels = x.shape[x.shape.length - 1]!;
  // Kernels of the engines take a slope for each channel.
  return tf.prelu(x, alpha.shape[0] === channels ? alpha : tf.tile(alpha, [channels]));
}
