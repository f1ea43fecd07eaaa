import * as tf from '../tensorflow.js';

/**
 * [n, h, w, 1]: 1 where a channel of x [n, h, w, c] has the largest value, else 0; of
 * equals the first is the largest. Its gradient is 0 everywhere, as that of argmax.
 */
export function markLargest(x: tf.Tensor4D, channel: number): tf.Tensor4D {
  const mark = tf.customGrad((image) => {
    const { shape } = image as tf.Tensor;
    const isLargest = tf.equal(tf.argMax(image as tf.Tensor, -1), channel);
    const value = tf.expandDims(tf.cast(isLargest, 'float32'), -1);
    return { value, gradFunc: () => tf.zeros(shape) };
  });
  return tf.tidy(() => mark(x) as tf.Tensor4D);
}
