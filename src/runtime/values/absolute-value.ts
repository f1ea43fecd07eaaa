import * as tf from '../tensorflow.js';

/**
 * x without its sign. The gradient at 0 is 0, as in PyTorch and TensorFlow; that of
 * TensorFlow.js' own operation is -1 there.
 */
export const absoluteValue: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor]);
  const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor =>
    tf.tidy(() => tf.mul(dy, tf.sub(tf.step(saved!), tf.step(tf.neg(saved!)))));
  return {
    value: tf.abs(x as tf.Tensor),
    gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor,
  };
}) as (x: tf.Tensor) => tf.Tensor;
