import * as tf from '@tensorflow/tfjs';
import type { PixelShuffleOp } from '../../ir/operations/ops.js';

/**
 * Moves channels into space: x [n, h, w, c f f] becomes [n, h f, w f, c]; `order`
 * says which channels make one pixel's block. Reshaped and transposed, since
 * `tf.depthToSpace` has no gradient and knows one order.
 */
export function pixelShuffle(
  x: tf.Tensor4D,
  factor: number,
  order: PixelShuffleOp['order'],
): tf.Tensor4D {
  const [batch, height, width, deep] = x.shape;
  const channels = deep / (factor * factor);
  const outside = [batch, height, width];
  const split =
    order === 'channels_first'
      ? tf.transpose(tf.reshape(x, [...outside, channels, factor, factor]), [0, 1, 4, 2, 5, 3])
      : tf.transpose(tf.reshape(x, [...outside, factor, factor, channels]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(split, [batch, height * factor, width * factor, channels]);
}
