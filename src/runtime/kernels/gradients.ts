import * as tf from '../tensorflow.js';
import type { InputGradientAttributes } from './convolution-attributes.js';
import { kernelNames } from './names.js';

let registered = false;

/** Makes our kernels differentiable on whichever engine has them. Idempotent. */
export function registerKernelGradients(): void {
  if (registered) return;
  registered = true;
  tf.registerGradient({
    kernelName: kernelNames.batchNormTraining,
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [true, true, true],
    gradFunc: (dy, saved, attributes) => {
      // Gradients of the two statistics are ignored: they only feed running averages.
      const dOutput = (Array.isArray(dy) ? dy[0] : dy) as tf.Tensor;
      const [x, gamma, y, mean, variance] = saved as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const [dx, dGamma, dBeta] = runMany(
        kernelNames.batchNormTrainingGradient,
        { dy: dOutput, x, y, gamma, mean, variance },
        attributes,
      ) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
    },
  });
  tf.registerGradient({
    kernelName: kernelNames.groupNorm,
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, true, true],
    gradFunc: (dy, saved, attributes) => {
      // The statistics go nowhere but here.
      const dOutput = (Array.isArray(dy) ? dy[0] : dy) as tf.Tensor;
      const [x, gamma, mean, inverse] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const inputs = { dy: dOutput, x, gamma, mean, inverse };
      const gradients = runMany(kernelNames.groupNormGradient, inputs, attributes);
      const [dx, dGamma, dBeta] = gradients as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
    },
  });
  tf.registerGradient({
    kernelName: kernelNames.transposedConvolution,
    inputsToSave: ['dy', 'filter'],
    gradFunc: (gradient, saved, attributes) => {
      const dy = gradient as tf.Tensor4D;
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const { strides, pad } = attributes as unknown as InputGradientAttributes;
      const shape = { strides, pad, dataFormat: 'NHWC', filterShape: filter.shape };
      return {
        dy: () => tf.conv2d(dy, filter, strides, pad),
        filter: () => runOne('Conv2DBackpropFilter', { x: dy, dy: x }, shape),
        bias: () => runOne(kernelNames.channelSum, { x: dy }),
      };
    },
  });
}

/** Runs a kernel with several outputs on the engine in use. */
export function runMany(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: tf.NamedAttrMap | object,
): tf.Tensor[] {
  return tf.engine().runKernel(name, { ...inputs }, { ...attributes } as tf.NamedAttrMap);
}

/** Runs a kernel with one output on the engine in use. */
export function runOne(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: tf.NamedAttrMap | object = {},
): tf.Tensor {
  return tf.engine().runKernel(name, { ...inputs }, { ...attributes } as tf.NamedAttrMap);
}
