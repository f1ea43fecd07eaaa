import * as tf from '../tensorflow.js';
import type { Head } from './head.js';
import type { PixelLoss } from './pixel-losses.js';
import { probabilitiesOf } from './region-losses.js';

/** A loss of errors p - t, value by value. */
type ErrorLoss = (errors: tf.Tensor4D) => tf.Tensor4D;

/** (p - t)^2 */
export const squaredError: ErrorLoss = (errors) => tf.square(errors);

/** |p - t| */
export const absoluteError: ErrorLoss = (errors) => tf.abs(errors);

/** With e = |p - t|: e^2 / 2 up to delta, delta (e - delta / 2) beyond it (Huber 1964). */
export const huberError =
  (delta: number): ErrorLoss =>
  (errors) => {
    const size = tf.abs(errors);
    const near = tf.minimum<tf.Tensor4D>(size, delta);
    // With n = min(e, delta) both parts are n (e - n / 2).
    return tf.mul(near, tf.sub<tf.Tensor4D>(size, tf.mul(near, 0.5)));
  };

/**
 * The loss of what a head gives against its target, which may hold any values [n, h, w, c]:
 * [n, h, w, c] of independent channels; of exclusive classes their mean, [n, h, w, 1], so
 * that the mean over pixels is one over all values, and weights of classes are those of
 * pixels.
 */
export function ofErrors(loss: ErrorLoss): PixelLoss {
  return (output, target, head: Head) => {
    const errors = tf.sub<tf.Tensor4D>(probabilitiesOf(output, head), target.truth);
    const losses = loss(errors);
    return head.activation === 'softmax' ? tf.mean<tf.Tensor4D>(losses, 3, true) : losses;
  };
}
