import * as tf from '../tensorflow.js';
import type { PoolWindows } from '../../ir/operations/ops.js';
import { maxPool } from '../primitives/pooling.js';
import { foregroundUnless, meanOverClasses, type ClassWeights } from './class-weights.js';
import type { Head } from './head.js';
import { probabilitiesOf, sumByChannel, type SumRange } from './region-losses.js';
import type { LossTarget } from './target.js';

export interface ClDiceOptions {
  /** How often shapes are thinned. */
  readonly iterations: number;
  readonly epsilon: number;
  readonly range: SumRange;
  readonly classWeights: ClassWeights;
}

/**
 * The soft centre line Dice (Shit et al. 2021, algorithm 2): with the skeletons of prediction p
 * and truth t, P = (sum s(p) t + e) / (sum s(p) + e), S = (sum s(t) p + e) / (sum s(t) + e),
 * and the loss 1 - 2 P S / (P + S) by class. Pixels that do not count are 0 in both.
 */
export function clDiceLoss(
  output: tf.Tensor4D,
  { truth, weights }: LossTarget,
  head: Head,
  { iterations, epsilon, range, classWeights }: ClDiceOptions,
): tf.Scalar {
  const predicted = tf.mul<tf.Tensor4D>(probabilitiesOf(output, head), weights);
  const part = (skeleton: tf.Tensor4D, region: tf.Tensor4D): tf.Tensor =>
    tf.div(
      tf.add(sumByChannel(tf.mul(skeleton, region), range), epsilon),
      tf.add(sumByChannel(skeleton, range), epsilon),
    );
  const precision = part(softSkeleton(predicted, iterations), truth);
  const sensitivity = part(softSkeleton(truth, iterations), predicted);
  const both = tf.div(tf.mul(precision, sensitivity), tf.add(precision, sensitivity));
  const values = tf.sub(1, tf.mul(both, 2));
  return meanOverClasses(values, foregroundUnless(classWeights, head.channels));
}

/**
 * The soft skeleton of images [n, h, w, c] of values from 0 to 1 (Shit et al. 2021,
 * algorithm 1): what openings take away, over and over from what is eroded.
 */
function softSkeleton(image: tf.Tensor4D, iterations: number): tf.Tensor4D {
  // What is eroded is opened by one erosion more, which is the next step's.
  let eroded = erode(image);
  let skeleton = ridgeOf(image, eroded);
  for (let done = 0; done < iterations; done++) {
    const thinned = eroded;
    eroded = erode(thinned);
    const ridge = ridgeOf(thinned, eroded);
    skeleton = tf.add(skeleton, tf.relu(tf.sub(ridge, tf.mul(skeleton, ridge))));
  }
  return skeleton;
}

/** What an opening takes away of an image, of which the erosion is known. */
function ridgeOf(image: tf.Tensor4D, eroded: tf.Tensor4D): tf.Tensor4D {
  return tf.relu(tf.sub<tf.Tensor4D>(image, maxPool(eroded, windows([3, 3]))));
}

/** The least of each pixel and its four neighbours, those of them that exist. */
function erode(image: tf.Tensor4D): tf.Tensor4D {
  const negative = tf.neg(image);
  const down = maxPool(negative, windows([3, 1]));
  const across = maxPool(negative, windows([1, 3]));
  return tf.neg(tf.maximum<tf.Tensor4D>(down, across));
}

const windows = (size: readonly [number, number]): PoolWindows => ({
  size,
  stride: [1, 1],
  padding: 'same',
  rounding: 'floor',
});
