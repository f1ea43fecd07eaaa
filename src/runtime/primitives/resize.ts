import * as tf from '@tensorflow/tfjs';
import type { Pair, Sampling } from '../../ir/operations/ops.js';
import { copyImage, linearAxis, nearestAxis, sampleImage } from './axis-sampling.js';

/** Resizes x [n, h, w, c] to [n, height, width, c]. The gradient is right on every engine. */
export function resize(
  x: tf.Tensor4D,
  [height, width]: Pair,
  { method, coordinates }: Sampling,
): tf.Tensor4D {
  const [, inHeight, inWidth] = x.shape;
  if (height === inHeight && width === inWidth) return tf.clone(x);
  switch (method) {
    case 'nearest':
      return copyImage(
        x,
        nearestAxis(inHeight, height, coordinates),
        nearestAxis(inWidth, width, coordinates),
      );
    case 'bilinear':
      return sampleImage(
        x,
        linearAxis(inHeight, height, coordinates),
        linearAxis(inWidth, width, coordinates),
        (image) =>
          tf.image.resizeBilinear(
            image,
            [height, width],
            coordinates === 'align_corners',
            coordinates === 'half_pixel',
          ),
      );
  }
}

/** Resizes x by whole factors [vertical, horizontal]. */
export function upsample(x: tf.Tensor4D, factor: Pair, sampling: Sampling): tf.Tensor4D {
  const [, height, width] = x.shape;
  return resize(x, [height * factor[0], width * factor[1]], sampling);
}
