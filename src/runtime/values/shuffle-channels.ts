import * as tf from '../tensorflow.js';

/** Channel g n + i of x [n, h, w, groups n] becomes number i groups + g (Zhang et al. 2018). */
export function shuffleChannels(x: tf.Tensor4D, groups: number): tf.Tensor4D {
  const { shape } = x;
  return tf.tidy(() => {
    const parts = tf.reshape(x, [shape[0] * shape[1] * shape[2], groups, shape[3] / groups]);
    return tf.reshape(tf.transpose(parts, [0, 2, 1]), shape);
  });
}
