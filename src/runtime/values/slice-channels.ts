import * as tf from '../tensorflow.js';

/** Channels `from` to `to` - 1 of x [n, h, w, c]. */
export function sliceChannels(x: tf.Tensor4D, from: number, to: number): tf.Tensor4D {
  return tf.slice(x, [0, 0, 0, from], [-1, -1, -1, to - from]);
}

/** Part number `part` of the channels of x [n, h, w, c] in `parts` equal parts. */
export function partOfChannels(x: tf.Tensor4D, parts: number, part: number): tf.Tensor4D {
  const size = x.shape[3] / parts;
  return sliceChannels(x, part * size, (part + 1) * size);
}
