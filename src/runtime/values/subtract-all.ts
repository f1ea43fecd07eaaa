import * as tf from '../tensorflow.js';

/** The first of tensors of one shape less all others. */
export function subtractAll<T extends tf.Tensor>(tensors: readonly T[]): T {
  const [first, ...others] = tensors;
  return tf.tidy(() => others.reduce((rest, other) => tf.sub(rest, other), tf.clone(first!)));
}
