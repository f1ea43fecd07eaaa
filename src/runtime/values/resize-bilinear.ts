import * as tf from '../tensorflow.js';
import type { Pair } from './pair.js';
import { sampleGradient, type Grid, type SampledAxis } from './sample-gradient.js';

/**
 * Resizes x [n, h, w, c] to [n, height, width, c] by linear interpolation along both axes.
 * The gradient is its own: TensorFlow.js' is wrong for half-pixel grids.
 */
export function resizeBilinear(
  x: tf.Tensor4D,
  [height, width]: Pair,
  grid: Grid,
  gradient = sampleGradient,
): tf.Tensor4D {
  const rows = linearPlaces(x.shape[1], height, grid);
  const columns = linearPlaces(x.shape[2], width, grid);
  const [aligned, halfPixel] = [grid === 'alignCorners', grid === 'halfPixel'];
  const resize = tf.customGrad((image) => ({
    value: tf.image.resizeBilinear(image as tf.Tensor4D, [height, width], aligned, halfPixel),
    gradFunc: (dy: tf.Tensor) => gradient(dy as tf.Tensor4D, rows, columns),
  }));
  return resize(x) as tf.Tensor4D;
}

function linearPlaces(size: number, outSize: number, grid: Grid): SampledAxis {
  const place = (i: number): number => {
    switch (grid) {
      case 'halfPixel':
        return Math.max(0, ((i + 0.5) * size) / outSize - 0.5);
      case 'alignCorners':
        return outSize > 1 ? (i * (size - 1)) / (outSize - 1) : 0;
      case 'legacy':
        return (i * size) / outSize;
    }
  };
  const places = Array.from({ length: outSize }, (_, i) => Math.min(place(i), size - 1));
  return { size, places };
}
