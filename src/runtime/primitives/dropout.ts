import * as tf from '../tensorflow.js';
import type { Random } from '../random.js';

/**
 * Inverted dropout for training: each value of x [n, h, w, c] becomes 0 with
 * probability `rate`, or is divided by 1 - rate (Srivastava et al. 2014).
 * `spatial` drops whole channels of an image (Tompson et al. 2015). The mask
 * comes from `random`, so that a run can be repeated.
 */
export function dropout(
  x: tf.Tensor4D,
  rate: number,
  spatial: boolean,
  random: Random,
): tf.Tensor4D {
  if (rate <= 0) return tf.clone(x);
  const [batch, height, width, channels] = x.shape;
  const shape: [number, number, number, number] = spatial
    ? [batch, 1, 1, channels]
    : [batch, height, width, channels];
  const mask = new Float32Array(shape[0] * shape[1] * shape[2] * shape[3]);
  const kept = rate < 1 ? 1 / (1 - rate) : 0;
  for (let at = 0; at < mask.length; at++) mask[at] = random.uniform() < rate ? 0 : kept;
  return tf.mul(x, tf.tensor4d(mask, shape));
}
