import * as tf from '../tensorflow.js';
import { clampedLog, crossEntropyOfLogits, crossEntropyOfProbabilities } from './elementwise.js';
import type { Head } from './head.js';
import type { LossTarget } from './target.js';

/** A loss for every pixel: [n, h, w, 1], or [n, h, w, c] where channels are independent. */
export type PixelLoss = (output: tf.Tensor4D, target: LossTarget, head: Head) => tf.Tensor4D;

export interface CrossEntropyOptions {
  /** Part of the truth that is spread evenly over the classes (Szegedy et al. 2016); 0 for none. */
  readonly labelSmoothing: number;
}

/**
 * Binary cross-entropy of every channel for itself; smoothed truth lies between
 * s / 2 and 1 - s / 2.
 *
 * @param options `clip`: probabilities count as at least this far from 0 and 1.
 */
export function binaryCrossEntropy({
  labelSmoothing,
  clip,
}: CrossEntropyOptions & { readonly clip: number | undefined }): PixelLoss {
  return (output, target, { gives }) => {
    const truth = smooth(target.truth, labelSmoothing, 2);
    return gives === 'logits'
      ? crossEntropyOfLogits(output, truth, clip)
      : crossEntropyOfProbabilities(output, truth, clip);
  };
}

/** Cross-entropy of exclusive classes: -log of the probability of the true one. */
export function crossEntropy({ labelSmoothing }: CrossEntropyOptions): PixelLoss {
  return (output, target, head) => {
    const truth = smooth(target.truth, labelSmoothing, head.channels);
    return tf.neg(logOfTruth(output, { ...target, truth }, head));
  };
}

function smooth(truth: tf.Tensor4D, smoothing: number, classes: number): tf.Tensor4D {
  if (smoothing === 0) return truth;
  return tf.add(tf.mul(truth, 1 - smoothing), smoothing / classes);
}

/** log p of the true class: log-softmax of logits, clamped logs of probabilities. */
function logOfTruth(output: tf.Tensor4D, { truth }: LossTarget, { gives }: Head): tf.Tensor4D {
  const logs = gives === 'logits' ? tf.logSoftmax(output) : clampedLog(output);
  return tf.sum(tf.mul(logs, truth), 3, true);
}

export interface FocalOptions {
  /** How much easy pixels are discounted. */
  readonly gamma: number;
  /** Weight of the foreground (class 0 is background) against 1 - alpha. */
  readonly alpha: number | undefined;
}

/**
 * Focal loss (Lin et al. 2017): -(1 - p)^gamma log p, with p the probability of
 * what is true. From logits of independent channels with s = 1 or -1 for true
 * or false: softplus(-s x) exp(-gamma softplus(s x)), which never takes the
 * root or the logarithm of a rounded zero.
 */
export function focalLoss({ gamma, alpha }: FocalOptions): PixelLoss {
  return (output, target, head) => {
    const { truth } = target;
    if (head.activation === 'softmax') {
      const log = logOfTruth(output, target, head);
      const missing = tf.add(tf.relu(tf.sub(1, tf.exp(log))), 1e-7);
      const loss = tf.neg(tf.mul<tf.Tensor4D>(tf.pow(missing, gamma), log));
      return alpha === undefined ? loss : tf.mul(loss, balanceOfClasses(truth, alpha));
    }
    const loss = head.gives === 'logits' ? focalOfLogits(output, truth, gamma) : ofProbabilities();
    if (alpha === undefined) return loss;
    return tf.mul(loss, tf.add(tf.mul(truth, 2 * alpha - 1), 1 - alpha));

    function ofProbabilities(): tf.Tensor4D {
      const wrong = crossEntropyOfProbabilities(output, truth);
      const missing = tf.add(tf.relu(tf.sub(1, tf.exp(tf.neg(wrong)))), 1e-7);
      return tf.mul(tf.pow(missing, gamma), wrong);
    }
  };
}

function focalOfLogits(logits: tf.Tensor4D, truth: tf.Tensor4D, gamma: number): tf.Tensor4D {
  const signed = tf.mul(logits, tf.sub(tf.mul(truth, 2), 1));
  const discount = tf.exp(tf.mul(tf.softplus(signed), -gamma));
  return tf.mul(tf.softplus(tf.neg(signed)), discount);
}

/** [n, h, w, 1]: alpha for foreground, 1 - alpha for background, of a one-hot truth. */
function balanceOfClasses(truth: tf.Tensor4D, alpha: number): tf.Tensor4D {
  const channels = truth.shape[3];
  const weights = Float32Array.from({ length: channels }, (_, c) => (c === 0 ? 1 - alpha : alpha));
  return tf.sum(tf.mul(truth, tf.tensor1d(weights)), 3, true);
}

/**
 * Cross-entropy and a soft dice of every pixel (Zhou et al. 2020, UNet++):
 * -(1 / N) sum over classes of [y log p + 2 y p / (y^2 + p^2)], which for a true
 * class of probability p is -(log p + 2 p / (1 + p^2)); at best -1.
 *
 * @param background whether pixels of the background count. With them one
 *   channel is read as two classes; without them as the formula for one class.
 */
export function softDiceHybrid({ background }: { readonly background: boolean }): PixelLoss {
  return (output, target, head) => {
    const { truth } = target;
    const isExclusive = head.activation === 'softmax';
    const log = isExclusive ? logOfTruth(output, target, head) : logOfEach(output, truth, head);
    const p = tf.exp(log);
    const overlap = tf.div(tf.mul(p, 2), tf.add(tf.square(p), 1));
    const loss = tf.neg(tf.add<tf.Tensor4D>(log, overlap));
    if (background) return loss;
    const foreground = isExclusive ? tf.sub(1, tf.slice(truth, 0, [-1, -1, -1, 1])) : truth;
    return tf.mul(loss, foreground);
  };
}

/** log of the probability of what is true, of independent channels. */
function logOfEach(output: tf.Tensor4D, truth: tf.Tensor4D, { gives }: Head): tf.Tensor4D {
  return tf.neg(
    gives === 'logits'
      ? crossEntropyOfLogits(output, truth)
      : crossEntropyOfProbabilities(output, truth),
  );
}

/**
 * The sum over the pixels that count, and over independent channels; a weight map
 * multiplies before the sum.
 */
export function sumOverPixels(
  losses: tf.Tensor4D,
  target: LossTarget,
  map: tf.Tensor4D | undefined,
): tf.Scalar {
  const weights = map === undefined ? target.weights : tf.mul(target.weights, map);
  const [count, height, width, channels] = losses.shape;
  const weighted = tf.reshape(tf.mul(losses, weights), [count * height, width * channels]);
  // Row sums first: a running float32 sum over all pixels would lose digits.
  return tf.sum(tf.sum(weighted, 1));
}
