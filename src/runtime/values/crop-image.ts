import * as tf from '../tensorflow.js';
import type { Edges } from './pad-image.js';

/** Cuts edges off x [n, h, w, c]. */
export function cropImage(x: tf.Tensor4D, [[top, bottom], [left, right]]: Edges): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const size = [batch, height - top - bottom, width - left - right, channels];
  return tf.slice(x, [0, top, left, 0], size as [number, number, number, number]);
}
