import * as tf from '@tensorflow/tfjs';

/**
 * 1 where a channel of x [n, h, w, c] has the largest value, else 0, as
 * [n, h, w, 1]; of equals the first is the largest. Its gradient is 0 everywhere,
 * as that of argmax.
 */
export function isLargest(x: tf.Tensor4D, channel: number): tf.Tensor4D {
  const decide = tf.customGrad((input) => {
    const { shape } = input as tf.Tensor;
    const wins = tf.equal(tf.argMax(input as tf.Tensor, -1), channel);
    const value = tf.expandDims(tf.cast(wins, 'float32'), -1);
    return { value, gradFunc: () => tf.zeros(shape) };
  });
  return tf.tidy(() => decide(x) as tf.Tensor4D);
}
