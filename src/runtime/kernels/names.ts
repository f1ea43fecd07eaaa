import * as tf from '../tensorflow.js';

/** Kernels that only we have; TensorFlow.js' own names stay with the kernels that replace its ones. */
export const kernelNames = {
  batchNormTraining: 'UnetcBatchNormTraining',
  batchNormTrainingGradient: 'UnetcBatchNormTrainingGradient',
  channelSum: 'UnetcChannelSum',
  depthwiseFilterGradient: 'UnetcDepthwiseFilterGradient',
  groupNorm: 'UnetcGroupNorm',
  groupNormGradient: 'UnetcGroupNormGradient',
  maxUnpool: 'UnetcMaxUnpool',
  interpolationGradient: 'UnetcInterpolationGradient',
  movingAverage: 'UnetcMovingAverage',
  adamStep: 'UnetcAdamStep',
  sgdStep: 'UnetcSgdStep',
  rmspropStep: 'UnetcRmspropStep',
  /** A transposed convolution with its bias; only where the host has WebAssembly SIMD. */
  transposedConvolution: 'UnetcTransposedConvolution',
} as const;

/** True where the engine in use has that kernel of ours; elsewhere callers compose it from others. */
export function hasKernel(name: string): boolean {
  // The declared type forgets that an unknown kernel gives undefined.
  const kernel: tf.KernelConfig | undefined = tf.getKernel(name, tf.getBackend());
  return kernel !== undefined;
}
