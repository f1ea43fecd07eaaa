import * as tf from '@tensorflow/tfjs';
import { hasKernel, kernelNames } from '../../kernels/names.js';
import { runMany } from '../../kernels/gradients.js';
import type { SgdStep } from '../../kernels/optimizer-attributes.js';
import type { UpdateRule } from './optimizer.js';

export interface SgdOptions {
  /** Part of the velocity that stays, 0 by default. */
  readonly momentum?: number;
  /** Nesterov's look-ahead, off by default. */
  readonly nesterov?: boolean;
  /** Added to the gradient as weightDecay * w, 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent in PyTorch's form (Sutskever et al. 2013):
 * g = gradient + decay w, v = momentum v + g, w = w - rate v, or with Nesterov's
 * look-ahead w = w - rate (g + momentum v).
 */
export function sgd(options: SgdOptions = {}): UpdateRule {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  return {
    slots: ['velocity'],
    update: (weight, gradient, [velocity], { learningRate, decays }) => {
      const decay = decays ? weightDecay : 0;
      const attributes: SgdStep = { learningRate, momentum, nesterov, decay };
      const inputs = { weight, gradient, velocity: velocity! };
      if (hasKernel(kernelNames.sgdStep)) {
        const [next, ...slots] = runMany(kernelNames.sgdStep, inputs, attributes);
        return { weight: next!, slots };
      }
      const g = decay === 0 ? gradient : tf.add(gradient, tf.mul(weight, decay));
      const v = tf.add(tf.mul(inputs.velocity, momentum), g);
      const direction = nesterov ? tf.add(g, tf.mul(v, momentum)) : v;
      return { weight: tf.sub(weight, tf.mul(direction, learningRate)), slots: [v] };
    },
  };
}
