import * as tf from '@tensorflow/tfjs';
import type { Grid, Pair, ResizeMethod } from '../../ir/operations/ops.js';
import { copyImage, linearAxis, nearestAxis, sampleImage } from './axis-sampling.js';

/**
 * Resizes x [n, h, w, c] to [n, height, width, c]. `grid` places the sample
 * points. The gradient is right on every engine.
 */
export function resize(
  x: tf.Tensor4D,
  [height, width]: Pair,
  method: ResizeMethod,
  grid: Grid,
): tf.Tensor4D {
  const [, inHeight, inWidth] = x.shape;
  if (height === inHeight && width === inWidth) return tf.clone(x);
  switch (method) {
    case 'nearest':
      return copyImage(x, nearestAxis(inHeight, height, grid), nearestAxis(inWidth, width, grid));
    case 'bilinear':
      return sampleImage(
        x,
        linearAxis(inHeight, height, grid),
        linearAxis(inWidth, width, grid),
        (image) =>
          tf.image.resizeBilinear(
            image,
            [height, width],
            grid === 'align_corners',
            grid === 'half_pixel',
          ),
      );
  }
}

/** Resizes x by whole factors [vertical, horizontal]. */
export function upsample(
  x: tf.Tensor4D,
  factor: Pair,
  method: ResizeMethod,
  grid: Grid,
): tf.Tensor4D {
  const [, height, width] = x.shape;
  return resize(x, [height * factor[0], width * factor[1]], method, grid);
}
