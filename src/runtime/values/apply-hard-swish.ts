import * as tf from '../tensorflow.js';

/** x relu6(x + 3) / 6 for every value (Howard et al. 2019, MobileNetV3). */
export function applyHardSwish<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)));
}
