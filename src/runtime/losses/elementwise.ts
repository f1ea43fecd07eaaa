import * as tf from '@tensorflow/tfjs';

/** Probabilities below this count as this in the gradient of `clampedLog`. */
const leastProbability = 1e-12;

/**
 * log p, at least -100, as `torch.nn.BCELoss` clamps it; the gradient is
 * 1 / max(p, 1e-12), finite everywhere. Values in [0, 1], any shape.
 */
export function clampedLog<T extends tf.Tensor>(probabilities: T): T {
  const run = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [p, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([p]);
    return {
      value: tf.maximum(tf.log(p), -100),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.div(dy, tf.maximum(saved[0]!, leastProbability)),
    };
  });
  return run(probabilities) as T;
}

/**
 * Binary cross-entropy from logits, softplus(x) - x t: exact for any x, with
 * the gradient sigmoid(x) - t.
 */
export function crossEntropyOfLogits(logits: tf.Tensor4D, truth: tf.Tensor4D): tf.Tensor4D {
  return tf.sub(tf.softplus(logits), tf.mul(logits, truth));
}

/** Binary cross-entropy from probabilities: -(t log p + (1 - t) log(1 - p)), logs clamped at -100. */
export function crossEntropyOfProbabilities(
  probabilities: tf.Tensor4D,
  truth: tf.Tensor4D,
): tf.Tensor4D {
  const hit = tf.mul(truth, clampedLog(probabilities));
  const miss = tf.mul(tf.sub(1, truth), clampedLog(tf.sub(1, probabilities) as tf.Tensor4D));
  return tf.neg(tf.add<tf.Tensor4D>(hit, miss));
}
