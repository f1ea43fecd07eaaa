import * as tf from '../tensorflow.js';
import type { GraphNode } from '../../ir/graph.js';
import { weightsName } from '../../ir/operations/weights.js';
import type { WeightStore } from './weights.js';

/** A convolution's weights with the batch norm behind it multiplied in. */
export interface FoldedWeights {
  readonly kernel: tf.Tensor4D;
  /** One value for each output channel; undefined where there is neither bias nor norm. */
  readonly bias: tf.Tensor1D | undefined;
}

/**
 * Folds the running statistics of `norm` into the weights of `convolution`
 * (any of the three kinds): with s = gamma / sqrt(variance + epsilon) the kernel
 * becomes kernel * s for each output channel, the bias (bias - mean) * s + beta;
 * a norm without scale or shift has gamma 1 or beta 0.
 * The tensors are new and the caller's.
 */
export function foldWeights(
  convolution: GraphNode,
  norm: GraphNode | undefined,
  weights: WeightStore,
): FoldedWeights {
  const kernel = weights.get(`${weightsName(convolution)}/kernel`) as tf.Tensor4D;
  const hasBias = 'bias' in convolution.op && convolution.op.bias;
  const bias = hasBias
    ? (weights.get(`${weightsName(convolution)}/bias`) as tf.Tensor1D)
    : undefined;
  if (norm?.op.kind !== 'batch_norm') return { kernel: kernel.clone(), bias: bias?.clone() };
  const { epsilon, scale: hasScale, shift: hasShift } = norm.op;
  return tf.tidy(() => {
    const of = (role: string): tf.Tensor1D =>
      weights.get(`${weightsName(norm)}/${role}`) as tf.Tensor1D;
    const deviation = tf.sqrt(tf.add(of('moving_variance'), epsilon));
    const scale = hasScale ? tf.div(of('gamma'), deviation) : tf.reciprocal(deviation);
    const centred = bias ? tf.sub(bias, of('moving_mean')) : tf.neg(of('moving_mean'));
    const moved = tf.mul(centred, scale);
    return {
      kernel: tf.mul<tf.Tensor4D>(kernel, tf.reshape(scale, scaleShape(convolution, kernel))),
      bias: (hasShift ? tf.add(moved, of('beta')) : moved) as tf.Tensor1D,
    };
  });
}

/** Where the output channels are in a kernel of each kind. */
function scaleShape(convolution: GraphNode, kernel: tf.Tensor4D): number[] {
  switch (convolution.op.kind) {
    case 'depthwise_conv':
      return [kernel.shape[2], kernel.shape[3]];
    case 'conv_transpose':
      return [kernel.shape[2], 1];
    default:
      return [kernel.shape[3]];
  }
}
