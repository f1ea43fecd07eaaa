import * as tf from '../tensorflow.js';

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
 * log max(p, clip), as Keras clips probabilities; without a clip `clampedLog`.
 * Below the clip there is no gradient.
 */
function logOf(probabilities: tf.Tensor4D, clip: number | undefined): tf.Tensor4D {
  if (clip === undefined) return clampedLog(probabilities);
  return tf.log(tf.maximum<tf.Tensor4D>(probabilities, clip));
}

/**
 * Binary cross-entropy from logits, softplus(x) - x t: exact for any x, with
 * the gradient sigmoid(x) - t.
 *
 * @param clip probabilities count as at least this; as in `crossEntropyOfProbabilities`.
 */
export function crossEntropyOfLogits(
  logits: tf.Tensor4D,
  truth: tf.Tensor4D,
  clip?: number,
): tf.Tensor4D {
  if (clip === undefined) return tf.sub(tf.softplus(logits), tf.mul(logits, truth));
  const most = -Math.log(clip);
  const hit = tf.mul(truth, tf.minimum(tf.softplus(tf.neg(logits)), most));
  const miss = tf.mul(tf.sub(1, truth), tf.minimum(tf.softplus(logits), most));
  return tf.add<tf.Tensor4D>(hit, miss);
}

/**
 * Binary cross-entropy from probabilities, -(t log p + (1 - t) log(1 - p)).
 *
 * @param clip p and 1 - p count as at least this; without it logs are clamped at -100.
 */
export function crossEntropyOfProbabilities(
  probabilities: tf.Tensor4D,
  truth: tf.Tensor4D,
  clip?: number,
): tf.Tensor4D {
  const hit = tf.mul(truth, logOf(probabilities, clip));
  const miss = tf.mul(tf.sub(1, truth), logOf(tf.sub<tf.Tensor4D>(1, probabilities), clip));
  return tf.neg(tf.add<tf.Tensor4D>(hit, miss));
}
