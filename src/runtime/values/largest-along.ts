import * as tf from '../tensorflow.js';

/**
 * The maximum along some axes, which stay with length 1. Values that share the maximum share
 * its gradient evenly, as in PyTorch and TensorFlow; TensorFlow.js gives each of them all of it.
 */
export function largestAlong(x: tf.Tensor4D, axes: number[]): tf.Tensor4D {
  const largest = tf.customGrad((image, save) => {
    const value = tf.max<tf.Tensor4D>(image as tf.Tensor, axes, true);
    (save as tf.GradSaveFunc)([image as tf.Tensor, value]);
    const gradFunc = (gradient: tf.Tensor4D, [saved, most]: tf.Tensor[]): tf.Tensor4D =>
      tf.tidy(() => {
        const isLargest = tf.cast(tf.equal(saved!, most!), 'float32');
        const count = tf.sum(isLargest, axes, true);
        return tf.mul(isLargest, tf.div(gradient, count));
      });
    return { value, gradFunc: gradFunc as (dy: tf.Tensor4D, saved: tf.Tensor[]) => tf.Tensor };
  });
  return largest(x) as tf.Tensor4D;
}
