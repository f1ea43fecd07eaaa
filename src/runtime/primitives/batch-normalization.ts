import * as tf from '../tensorflow.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { registerKernelGradients, runMany, runOne } from '../kernels/gradients.js';

/** A batch's normalised values and its statistics, [c] each; the variance is the biased one. */
export interface NormalisedBatch {
  readonly output: tf.Tensor4D;
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/**
 * Batch normalisation with the batch's own statistics over batch, height and
 * width, then a ReLU if `relu`: x [n, h, w, c], gamma [c], beta [c]. The
 * gradient flows through the statistics.
 */
export function batchNormTraining(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
  relu: boolean,
): NormalisedBatch {
  if (hasKernel(kernelNames.batchNormTraining)) {
    registerKernelGradients();
    const inputs = { x, gamma, beta };
    const results = runMany(kernelNames.batchNormTraining, inputs, { epsilon, relu });
    const [output, mean, variance] = results as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    return { output, mean, variance };
  }
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const output = tf.batchNorm4d(
    x,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    beta,
    gamma,
    epsilon,
  );
  return {
    output: relu ? tf.relu(output) : output,
    mean: mean as tf.Tensor1D,
    variance: variance as tf.Tensor1D,
  };
}

/** Batch normalisation with running statistics [c]. */
export function batchNormInference(
  x: tf.Tensor4D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): tf.Tensor4D {
  return tf.batchNorm4d(x, mean, variance, beta, gamma, epsilon);
}

/** old * momentum + batch * (1 - momentum). */
export function movingAverage(old: tf.Tensor, batch: tf.Tensor, momentum: number): tf.Tensor {
  if (hasKernel(kernelNames.movingAverage)) {
    return runOne(kernelNames.movingAverage, { old, batch }, { momentum });
  }
  return tf.add(tf.mul(old, momentum), tf.mul(batch, 1 - momentum));
}
