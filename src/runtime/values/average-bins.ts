import * as tf from '../tensorflow.js';
import type { Pair } from './pair.js';

/**
 * The mean of x [n, h, w, c] over bins, as [n, rows, columns, c]: bin i of s along an axis
 * holds the pixels floor(i in / s) to ceil((i + 1) in / s) - 1 (PyTorch's AdaptiveAvgPool2d).
 */
export function averageBins(x: tf.Tensor4D, [rows, columns]: Pair): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  return tf.tidy(() => {
    const byRow = tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [height, -1]);
    const short = tf.reshape(tf.matMul(binMatrix(height, rows), byRow), [
      rows,
      batch,
      width,
      channels,
    ]);
    const byColumn = tf.reshape(tf.transpose(short, [2, 1, 0, 3]), [width, -1]);
    const small = tf.matMul(binMatrix(width, columns), byColumn);
    return tf.transpose(tf.reshape(small, [columns, batch, rows, channels]), [1, 2, 0, 3]);
  });
}

/** [bins, size]: row i has, for each pixel, its part of the mean of bin i. */
function binMatrix(size: number, bins: number): tf.Tensor2D {
  const parts = new Float32Array(bins * size);
  for (let i = 0; i < bins; i++) {
    const start = Math.floor((i * size) / bins);
    const end = Math.ceil(((i + 1) * size) / bins);
    parts.fill(1 / (end - start), i * size + start, i * size + end);
  }
  return tf.tensor2d(parts, [bins, size]);
}
