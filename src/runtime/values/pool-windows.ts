import * as tf from '../tensorflow.js';
import { padForWindows, type Windows } from './windows.js';

/** The largest value of each window of x [n, h, w, c], over the pixels that exist. */
export function poolMax(x: tf.Tensor4D, windows: Windows): tf.Tensor4D {
  const lowest = -3.4028234663852886e38;
  const { size, strides } = windows;
  return tf.tidy(() => tf.maxPool(padForWindows(x, windows, lowest), size, strides, 'valid'));
}

/** The mean of each window of x [n, h, w, c], over the pixels that exist. */
export function poolMean(x: tf.Tensor4D, windows: Windows): tf.Tensor4D {
  const { size, strides } = windows;
  return tf.tidy(() => {
    const padded = padForWindows(x, windows);
    const means = tf.avgPool(padded, size, strides, 'valid');
    if (padded === x) return means;
    const existing = padForWindows(tf.ones([1, x.shape[1], x.shape[2], 1]), windows);
    return tf.div(means, tf.avgPool(existing, size, strides, 'valid'));
  });
}
