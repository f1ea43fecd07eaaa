import type * as tf from '../tensorflow.js';
import { padImage } from './pad-image.js';

/**
 * Surrounds x [n, h, w, c] with zeros to the height and width of `target`: of d missing
 * rows floor(d / 2) go above, of columns as many to the left.
 */
export function padToSize(x: tf.Tensor4D, target: tf.Tensor4D): tf.Tensor4D {
  const halves = (missing: number): [number, number] => [
    Math.floor(missing / 2),
    Math.ceil(missing / 2),
  ];
  const [, height, width] = target.shape;
  return padImage(x, [halves(height - x.shape[1]), halves(width - x.shape[2])]);
}
