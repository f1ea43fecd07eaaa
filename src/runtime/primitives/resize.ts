import * as tf from '../tensorflow.js';
import type { Coordinates, Pair, Sampling } from '../../ir/operations/ops.js';
import { resizeBilinear } from '../values/resize-bilinear.js';
import { resizeNearest } from '../values/resize-nearest.js';
import type { Grid } from '../values/sample-gradient.js';
import { sampleGradientOfEngine } from './kernel-gradients.js';

const grids: Readonly<Record<Coordinates, Grid>> = {
  half_pixel: 'halfPixel',
  align_corners: 'alignCorners',
  asymmetric: 'legacy',
};

/** Resizes x [n, h, w, c] to [n, height, width, c]. The gradient is right on every engine. */
export function resize(
  x: tf.Tensor4D,
  [height, width]: Pair,
  { method, coordinates }: Sampling,
): tf.Tensor4D {
  const [, inHeight, inWidth] = x.shape;
  if (height === inHeight && width === inWidth) return tf.clone(x);
  const sample = method === 'nearest' ? resizeNearest : resizeBilinear;
  return sample(x, [height, width], grids[coordinates], sampleGradientOfEngine);
}

/** Resizes x by whole factors [vertical, horizontal]. */
export function upsample(x: tf.Tensor4D, factor: Pair, sampling: Sampling): tf.Tensor4D {
  const [, height, width] = x.shape;
  return resize(x, [height * factor[0], width * factor[1]], sampling);
}
