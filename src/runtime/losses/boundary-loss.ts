import * as tf from '../tensorflow.js';
import { foregroundUnless, type ClassWeights } from './class-weights.js';
import type { Head } from './head.js';
import { sumOverPixels } from './pixel-losses.js';
import { probabilitiesOf } from './region-losses.js';
import type { LossTarget } from './target.js';

/**
 * The boundary loss (Kervadec et al. 2019, equation 5): probabilities times the signed
 * distances of the target, the mean over the pixels that count and over classes; all but the
 * background unless weights say otherwise. Where no pixel counts, 0.
 */
export function boundaryLoss(
  output: tf.Tensor4D,
  target: LossTarget,
  head: Head,
  classWeights: ClassWeights,
): tf.Scalar {
  const weights = foregroundUnless(classWeights, head.channels);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const row = tf.tensor1d(weights.map((weight) => weight / total));
  const products = tf.mul(probabilitiesOf(output, head), target.distances());
  const losses = tf.sum<tf.Tensor4D>(tf.mul(products, row), 3, true);
  return tf.div(sumOverPixels(losses, target, undefined), Math.max(1, target.pixels));
}
