import * as tf from '../tensorflow.js';
import type { ActivationFunction, ActivationOp } from '../../ir/operations/ops.js';
import { absoluteValue } from '../values/absolute-value.js';
import { applyHardSwish } from '../values/apply-hard-swish.js';
import { applyPrelu } from '../values/apply-prelu.js';

type Rules = {
  readonly [K in Exclude<ActivationFunction, 'leaky_relu'>]: (x: tf.Tensor4D) => tf.Tensor4D;
};

/** A function with what it needs besides its tensor. */
export type Activation = DistributedOmit<ActivationOp>;

type DistributedOmit<O> = O extends unknown ? Omit<O, 'kind'> : never;

const rules: Rules = {
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  elu: (x) => tf.elu(x),
  // Klambauer et al. 2017, "Self-Normalizing Neural Networks".
  selu: (x) => tf.selu(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  hard_swish: (x) => applyHardSwish(x),
  // Hendrycks and Gimpel 2016, the exact form with erf.
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1)),
  // Misra 2019.
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  softplus: (x) => tf.softplus(x),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  abs: (x) => absoluteValue(x) as tf.Tensor4D,
};

/** Applies a function to every value. */
export function activate(x: tf.Tensor4D, op: Activation): tf.Tensor4D {
  if (op.function === 'leaky_relu') return tf.leakyRelu(x, op.alpha);
  return rules[op.function](x);
}

/** x above zero, alpha * x below, with a slope for each channel, or one: x [n, h, w, c], alpha [c] or [1]. */
export function prelu(x: tf.Tensor4D, alpha: tf.Tensor1D): tf.Tensor4D {
  return applyPrelu(x, alpha) as tf.Tensor4D;
}

/** Softmax over the channels of x [n, h, w, c]. */
export function softmax(x: tf.Tensor4D): tf.Tensor4D {
  return tf.softmax(x, -1);
}
