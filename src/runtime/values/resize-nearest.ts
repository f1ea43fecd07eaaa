import * as tf from '../tensorflow.js';
import type { Pair } from './pair.js';
import { sampleGradient, type Grid, type SampledAxis } from './sample-gradient.js';

/** Resizes x [n, h, w, c] to [n, height, width, c]: each pixel is the nearest one of x. */
export function resizeNearest(
  x: tf.Tensor4D,
  [height, width]: Pair,
  grid: Grid,
  gradient = sampleGradient,
): tf.Tensor4D {
  const rows = nearestPlaces(x.shape[1], height, grid);
  const columns = nearestPlaces(x.shape[2], width, grid);
  const copy = (image: tf.Tensor, axis: 1 | 2, { places }: SampledAxis): tf.Tensor =>
    tf.gather(image, tf.tensor1d([...places], 'int32'), axis);
  const resize = tf.customGrad((image) => ({
    value: copy(copy(image as tf.Tensor, 1, rows), 2, columns),
    gradFunc: (dy: tf.Tensor) => gradient(dy as tf.Tensor4D, rows, columns),
  }));
  return resize(x) as tf.Tensor4D;
}

/**
 * The source pixels along an axis: floor((i + 1/2) in / out), i (in - 1) / (out - 1) rounded, or
 * floor(i in / out); in whole numbers, without rounding errors.
 */
function nearestPlaces(size: number, outSize: number, grid: Grid): SampledAxis {
  const last = Math.max(outSize - 1, 1);
  const place = (i: number): number => {
    switch (grid) {
      case 'halfPixel':
        return Math.floor(((2 * i + 1) * size) / (2 * outSize));
      case 'alignCorners':
        return Math.floor((2 * i * (size - 1) + last) / (2 * last));
      case 'legacy':
        return Math.floor((i * size) / outSize);
    }
  };
  return { size, places: Array.from({ length: outSize }, (_, i) => place(i)) };
}
