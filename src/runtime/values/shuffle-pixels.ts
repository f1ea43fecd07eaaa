import * as tf from '../tensorflow.js';

/**
 * Moves channels into space: x [n, h, w, c f f] becomes [n, h f, w f, c] (Shi et al. 2016).
 * `channelsFirst`: the block of an output channel is made of neighbouring input channels, as
 * in PyTorch; `channelsLast`: as in TensorFlow's depth_to_space. Reshaped and transposed,
 * since `tf.depthToSpace` has no gradient and knows one order.
 */
export function shufflePixels(
  x: tf.Tensor4D,
  factor: number,
  order: 'channelsFirst' | 'channelsLast',
): tf.Tensor4D {
  const [batch, height, width, deep] = x.shape;
  const channels = deep / (factor * factor);
  const isFirst = order === 'channelsFirst';
  const block = isFirst ? [channels, factor, factor] : [factor, factor, channels];
  const places = isFirst ? [0, 1, 4, 2, 5, 3] : [0, 1, 3, 2, 4, 5];
  return tf.tidy(() => {
    const blocks = tf.transpose(tf.reshape(x, [batch, height, width, ...block]), places);
    return tf.reshape(blocks, [batch, height * factor, width * factor, channels]);
  });
}

/** Moves space into channels: undoes `shufflePixels` of the same factor and order. */
export function unshufflePixels(
  x: tf.Tensor4D,
  factor: number,
  order: 'channelsFirst' | 'channelsLast',
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / factor, width / factor];
  const places = order === 'channelsFirst' ? [0, 1, 3, 5, 2, 4] : [0, 1, 3, 2, 4, 5];
  return tf.tidy(() => {
    const blocks = tf.reshape(x, [batch, rows, factor, columns, factor, channels]);
    const deep = channels * factor * factor;
    return tf.reshape(tf.transpose(blocks, places), [batch, rows, columns, deep]);
  });
}
