import * as tf from '../tensorflow.js';
import type { DropoutOp } from '../../ir/operations/ops.js';
import type { Random } from '../random.js';

/**
 * Inverted dropout for training: each value of x [n, h, w, c] becomes 0 with
 * probability `rate`, or is divided by 1 - rate (Srivastava et al. 2014), or whole
 * channels of an image do (Tompson et al. 2015), or whole images (Huang et al. 2016). The mask
 * comes from `random`, so that a run can be repeated.
 */
export function dropout(
  x: tf.Tensor4D,
  rate: number,
  drops: DropoutOp['drops'],
  random: Random,
): tf.Tensor4D {
  if (rate <= 0) return tf.clone(x);
  const [batch, height, width, channels] = x.shape;
  const shapes = {
    values: [batch, height, width, channels],
    channels: [batch, 1, 1, channels],
    images: [batch, 1, 1, 1],
  } as const satisfies Readonly<Record<DropoutOp['drops'], readonly number[]>>;
  const shape = shapes[drops];
  const mask = new Float32Array(shape[0] * shape[1] * shape[2] * shape[3]);
  const kept = rate < 1 ? 1 / (1 - rate) : 0;
  for (let at = 0; at < mask.length; at++) mask[at] = random.uniform() < rate ? 0 : kept;
  return tf.mul(x, tf.tensor4d(mask, [...shape]));
}
