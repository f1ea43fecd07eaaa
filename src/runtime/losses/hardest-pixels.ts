import * as tf from '../tensorflow.js';
import type { LossTarget } from './target.js';

/**
 * The mean of the largest of the losses of pixels [n, h, w, c], which are not below 0: of a
 * share of those that count, rounded down, one at least (Wu et al. 2016). Losses that are
 * equal to the last one taken share its gradient.
 *
 * @param share above 0, 1 at most.
 */
export function meanOfHardest(losses: tf.Tensor4D, target: LossTarget, share: number): tf.Scalar {
  const counted = target.pixels * losses.shape[3];
  const taken = Math.max(1, Math.floor(share * counted));
  const flat: tf.Tensor1D = tf.reshape(tf.mul(losses, target.weights), [losses.size]);
  return tf.div(sumOfLargest(flat, taken), taken);
}

/** The sum of the `count` largest of some values [n]. */
function sumOfLargest(values: tf.Tensor1D, count: number): tf.Scalar {
  const run = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = inputs as [tf.Tensor1D, tf.GradSaveFunc];
    const parts = partsOfLargest(x, count);
    save([parts]);
    return {
      value: tf.sum(tf.mul(x, parts)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0]!),
    };
  });
  return run(values) as tf.Scalar;
}

/** 1 for what is among the `count` largest, else 0; equals at the limit take the rest in equal parts. */
function partsOfLargest(values: tf.Tensor1D, count: number): tf.Tensor1D {
  if (values.size === 1) return tf.onesLike(values);
  const largest = tf.topk(values, count).values as tf.Tensor1D;
  const limit = tf.slice(largest, [count - 1], [1]);
  const above = tf.cast(tf.greater(values, limit), 'float32');
  const equal = tf.cast(tf.equal(values, limit), 'float32');
  const rest = tf.div(tf.sub(count, tf.sum(above)), tf.sum(equal));
  return tf.add(above, tf.mul(equal, rest));
}
