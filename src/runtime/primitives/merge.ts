import * as tf from '../tensorflow.js';

/** Joins tensors of one height and width along channels, in order. */
export function concat(tensors: readonly tf.Tensor4D[]): tf.Tensor4D {
  return tensors.length === 1 ? tf.clone(tensors[0]!) : tf.concat([...tensors], 3);
}

/** The sum of tensors of one shape. */
export function add(tensors: readonly tf.Tensor4D[]): tf.Tensor4D {
  return tensors.slice(1).reduce((sum, tensor) => tf.add(sum, tensor), tf.clone(tensors[0]!));
}

/** The mean of tensors of one shape. */
export function average(tensors: readonly tf.Tensor4D[]): tf.Tensor4D {
  return tf.div(add(tensors), tensors.length);
}

/** The product of tensors of one shape; 1 x 1 and one-channel gates are stretched. */
export function multiply(tensors: readonly tf.Tensor4D[]): tf.Tensor4D {
  return tensors.slice(1).reduce((all, tensor) => tf.mul(all, tensor), tf.clone(tensors[0]!));
}
