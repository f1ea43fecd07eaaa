import * as tf from '../../tensorflow.js';
import { hasKernel, kernelNames } from '../../kernels/names.js';
import { runMany } from '../../kernels/gradients.js';
import type { SgdStep } from '../../kernels/optimizer-attributes.js';
import type { UpdateRule } from './optimizer.js';
import { optimizerSlots } from './slots.js';

/** The numbers of gradient descent. */
export interface SgdOptions {
  /** Part of the velocity that stays, 0 by default. */
  readonly momentum?: number;
  /** Nesterov's look-ahead, off by default. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent in PyTorch's form (Sutskever et al. 2013):
 * v = momentum v + g for the gradient g, w = w - rate v, or with Nesterov's
 * look-ahead w = w - rate (g + momentum v).
 */
export function sgd(options: SgdOptions = {}): UpdateRule {
  const { momentum = 0, nesterov = false } = options;
  return {
    slots: optimizerSlots.sgd,
    update: (weight, gradient, [velocity], { learningRate }) => {
      const attributes: SgdStep = { learningRate, momentum, nesterov };
      const inputs = { weight, gradient, velocity: velocity! };
      if (hasKernel(kernelNames.sgdStep)) {
        const [next, ...slots] = runMany(kernelNames.sgdStep, inputs, attributes);
        return { weight: next!, slots };
      }
      const v = tf.add(tf.mul(inputs.velocity, momentum), gradient);
      const direction = nesterov ? tf.add(gradient, tf.mul(v, momentum)) : v;
      return { weight: tf.sub(weight, tf.mul(direction, learningRate)), slots: [v] };
    },
  };
}
