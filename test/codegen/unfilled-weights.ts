import * as tf from '@tensorflow/tfjs';

/**
 * Kernels of models that are built from now on start with zeros: drawing random numbers is
 * most of the time that building takes. For tests that set all weights, or look at none.
 */
export function leaveKernelsZero(): void {
  // The class that all initializers of kernels extend.
  const varianceScaling = Object.getPrototypeOf(
    Object.getPrototypeOf(tf.initializers.heNormal({})),
  ) as { apply: (shape: tf.Shape, dtype?: tf.DataType) => tf.Tensor };
  varianceScaling.apply = (shape, dtype) => tf.zeros(shape as number[], dtype);
}
