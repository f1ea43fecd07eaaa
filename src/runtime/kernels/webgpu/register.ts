import * as tf from '../../tensorflow.js';
import { kernelNames } from '../names.js';
import { batchNormTraining, batchNormTrainingGradient, channelSum } from './batch-norm.js';
import { cast } from './cast.js';
import { convolutionFilterGradient, convolutionInputGradient } from './convolution-gradients.js';
import { depthwiseFilterGradient } from './depthwise-filter-gradient.js';
import { interpolationGradient } from './interpolation-gradient.js';
import type { WebgpuKernel } from './kernel.js';
import { adamStep, movingAverage, rmspropStep, sgdStep } from './optimizer-steps.js';

const kernels: readonly WebgpuKernel[] = [
  adamStep,
  batchNormTraining,
  batchNormTrainingGradient,
  channelSum,
  convolutionFilterGradient,
  convolutionInputGradient,
  depthwiseFilterGradient,
  // Under a name of our own as well: the others of that name know no dilation.
  { name: kernelNames.depthwiseFilterGradient, run: depthwiseFilterGradient.run },
  interpolationGradient,
  movingAverage,
  rmspropStep,
  sgdStep,
];

let registered = false;

/**
 * Puts our kernels into the registry of the WebGPU backend, in place of its own of the same
 * name. The package must be imported before; calling this again changes nothing.
 */
export function registerWebgpuKernels(): void {
  if (registered) return;
  registered = true;
  for (const { name, run } of [...kernels, cast(tf.getKernel('Cast', 'webgpu').kernelFunc)]) {
    const present: tf.KernelConfig | undefined = tf.getKernel(name, 'webgpu');
    if (present) tf.unregisterKernel(name, 'webgpu');
    tf.registerKernel({ kernelName: name, backendName: 'webgpu', kernelFunc: run });
  }
}
