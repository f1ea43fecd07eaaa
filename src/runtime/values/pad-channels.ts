import * as tf from '../tensorflow.js';

/** Adds channels of zeros behind those of x [n, h, w, c], up to `channels`. */
export function padChannels(x: tf.Tensor4D, channels: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, channels - x.shape[3]],
  ]);
}
