import * as tf from '../tensorflow.js';
import type { Head } from './head.js';
import type { LossTarget } from './target.js';

/** Over which pixels a region loss takes its sums: all of the batch, or those of each image. */
export type SumRange = 'batch' | 'image';

/** Sums over counting pixels, one value a channel: [c] over a batch, [n, c] over samples. */
export interface ClassSums {
  /** sum p t */
  readonly overlap: tf.Tensor;
  /** sum p */
  readonly predicted: tf.Tensor;
  /** sum t */
  readonly actual: tf.Tensor;
}

/** What a head predicts: its output itself, or the sigmoid or softmax of it. */
export function probabilitiesOf(output: tf.Tensor4D, head: Head): tf.Tensor4D {
  if (head.gives === 'probabilities') return output;
  switch (head.activation) {
    case 'sigmoid':
      return tf.sigmoid(output);
    case 'softmax':
      return tf.softmax(output, -1);
    case 'none':
      return output;
  }
}

/** The sums that all region losses are made of. */
export function classSums(
  output: tf.Tensor4D,
  target: LossTarget,
  head: Head,
  range: SumRange = 'batch',
): ClassSums {
  const counted = tf.mul<tf.Tensor4D>(probabilitiesOf(output, head), target.weights);
  return sumsOf(counted, target.truth, range);
}

/** The same sums of one channel as two classes, the background first; of several channels as they are. */
export function sumsOfAllClasses(
  output: tf.Tensor4D,
  target: LossTarget,
  head: Head,
  range: SumRange,
): ClassSums {
  if (head.channels > 1) return classSums(output, target, head, range);
  const p = probabilitiesOf(output, head);
  const both = (values: tf.Tensor4D): tf.Tensor4D =>
    tf.concat([tf.sub<tf.Tensor4D>(1, values), values], 3);
  const counted = tf.mul<tf.Tensor4D>(both(p), target.weights);
  return sumsOf(counted, tf.mul(both(target.truth), target.weights), range);
}

function sumsOf(counted: tf.Tensor4D, truth: tf.Tensor4D, range: SumRange): ClassSums {
  return {
    overlap: sumByChannel(tf.mul(counted, truth), range),
    predicted: sumByChannel(counted, range),
    actual: sumByChannel(truth, range),
  };
}

/**
 * Sums of [n, h, w, c] by channel: [c] over a batch, [n, c] by image. Rows before columns, so that a
 * float32 running sum stays short.
 */
export function sumByChannel(values: tf.Tensor4D, range: SumRange): tf.Tensor {
  const [count, height, width, channels] = values.shape;
  const rows =
    channels === 1
      ? tf.sum(tf.reshape(values, [count * height, width]), 1)
      : tf.sum(tf.reshape(values, [count * height, width, channels]), 1);
  const [groups, rowsOfGroup] = range === 'batch' ? [1, count * height] : [count, height];
  const sums = tf.sum(tf.reshape(rows, [groups, rowsOfGroup, channels]), 1);
  return range === 'batch' ? tf.reshape(sums, [channels]) : sums;
}

/**
 * The generalised Dice (Sudre et al. 2017): 1 - (2 sum w I + e) / (sum w (P + T) + e), sums
 * over classes, w = 1 / T^2. The weights are taken as parts of the largest, and a class that
 * is not there weighs as the rarest one that is: [] of [c], [n] of [n, c].
 */
export const generalizedDice =
  (epsilon: number) =>
  ({ overlap, predicted, actual }: ClassSums): tf.Tensor => {
    const isThere = tf.greater(actual, 0);
    // Finite where nothing is there: shaders need not keep to the rules of infinity.
    const rarest = tf.min(tf.where(isThere, actual, tf.fill(actual.shape, 1e15)), -1, true);
    const sizes = tf.where(isThere, actual, tf.onesLike(actual));
    const weights = tf.where(isThere, tf.square(tf.div(rarest, sizes)), tf.onesLike(actual));
    const over = tf.mul(tf.sum(tf.mul(weights, overlap), -1), 2);
    const under = tf.sum(tf.mul(weights, tf.add(predicted, actual)), -1);
    return lossOf(tf.add(over, epsilon), tf.add(under, epsilon));
  };

/** A region loss: from sums to a value for each class, of the sums' shape. */
export type RegionLoss = (sums: ClassSums) => tf.Tensor;

/** 1 - (2 I + e) / (P + T + e) (Milletari et al. 2016 with plain sums). */
export const diceLoss =
  (epsilon: number): RegionLoss =>
  ({ overlap, predicted, actual }) =>
    lossOf(tf.add(tf.mul(overlap, 2), epsilon), tf.add(tf.add(predicted, actual), epsilon));

/** 1 - (I + e) / (P + T - I + e). */
export const iouLoss =
  (epsilon: number): RegionLoss =>
  ({ overlap, predicted, actual }) =>
    lossOf(tf.add(overlap, epsilon), tf.add(tf.sub(tf.add(predicted, actual), overlap), epsilon));

/**
 * The intersection over union inside `bce_iou`, as its authors wrote it:
 * (I + e) / (P + T - (I + e) + e), where the denominator's e cancel; -infinity
 * becomes the loss of a pair that is empty to the last bit.
 */
export const bareIouLoss =
  (epsilon: number): RegionLoss =>
  ({ overlap, predicted, actual }) =>
    lossOf(tf.add(overlap, epsilon), tf.sub(tf.add(predicted, actual), overlap));

export interface TverskyOptions {
  /** Weight of missed pixels; false ones weigh 1 - alpha. */
  readonly alpha: number;
  readonly epsilon: number;
}

/** 1 - (TP + e) / (TP + alpha FN + (1 - alpha) FP + e) (Salehi et al. 2017). */
export const tverskyLoss =
  (options: TverskyOptions): RegionLoss =>
  (sums) =>
    tverskyDistance(sums, options);

/** The Tversky loss to the power gamma, class by class (Abraham and Khan 2019). */
export const focalTverskyLoss =
  (options: TverskyOptions & { readonly gamma: number }): RegionLoss =>
  (sums) => {
    // Rounding may take a perfect score just below 0, and a root has no slope at 0.
    const distance = tf.add(tf.relu(tverskyDistance(sums, options)), 1e-12);
    return tf.pow(distance, options.gamma);
  };

function tverskyDistance(sums: ClassSums, { alpha, epsilon }: TverskyOptions): tf.Tensor {
  const { overlap, predicted, actual } = sums;
  const missed = tf.mul(tf.sub(actual, overlap), alpha);
  const wrong = tf.mul(tf.sub(predicted, overlap), 1 - alpha);
  const weighed = tf.add(tf.add(overlap, epsilon), tf.add(missed, wrong));
  return tf.sub(1, tf.div(tf.add(overlap, epsilon), weighed));
}

function lossOf(numerator: tf.Tensor, denominator: tf.Tensor): tf.Tensor {
  return tf.sub(1, tf.div(numerator, denominator));
}
