import * as tf from '../tensorflow.js';

/** One factor a class, the background first; undefined for none. */
export type ClassWeights = readonly number[] | undefined;

/**
 * Weighs a pixel-wise loss by class; what follows is still the mean over all
 * pixels, so that the weights change its size.
 *
 * One channel takes two weights, of background and foreground. Several
 * independent channels, whose losses are [n, h, w, c], take one each. Exclusive
 * classes, whose losses are [n, h, w, 1], take one each by what is true.
 *
 * @param truth [n, h, w, c]
 */
export function weighPixels(
  losses: tf.Tensor4D,
  truth: tf.Tensor4D,
  weights: ClassWeights,
): tf.Tensor4D {
  if (weights === undefined) return losses;
  if (truth.shape[3] === 1) {
    const [background = 1, foreground = 1] = weights;
    return tf.mul(losses, tf.add(tf.mul(truth, foreground - background), background));
  }
  const row = tf.tensor1d([...weights]);
  if (losses.shape[3] > 1) return tf.mul(losses, row);
  return tf.mul(losses, tf.sum(tf.mul(truth, row), 3, true));
}

/**
 * The weights of classes in a loss of shapes: those of a recipe, else 1 for all but the
 * background. A single channel is a class of its own.
 */
export function foregroundUnless(weights: ClassWeights, channels: number): readonly number[] {
  if (channels === 1) return [1];
  return weights ?? Array.from({ length: channels }, (_, channel) => (channel === 0 ? 0 : 1));
}

/**
 * The mean of values by class, [c] or [n, c]: over samples, and over classes
 * with the weights' sum below it.
 */
export function meanOverClasses(values: tf.Tensor, weights: ClassWeights): tf.Scalar {
  if (weights === undefined) return tf.mean(values);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const samples = values.size / weights.length;
  return tf.div(tf.sum(tf.mul(values, tf.tensor1d([...weights]))), total * samples);
}
