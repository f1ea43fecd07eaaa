import * as tf from '../../tensorflow.js';
import { hasKernel, kernelNames } from '../../kernels/names.js';
import { runMany } from '../../kernels/gradients.js';
import type { RmspropStep } from '../../kernels/optimizer-attributes.js';
import type { UpdateRule } from './optimizer.js';
import { optimizerSlots } from './slots.js';

/** The numbers of RMSprop. */
export interface RmspropOptions {
  /** Decay of the mean squared gradient, 0.9 by default as in Keras. */
  readonly rho?: number;
  /** Part of the velocity that stays, 0 by default. */
  readonly momentum?: number;
  /** Added to the root of the mean square, 1e-7 by default as in Keras. */
  readonly epsilon?: number;
}

/**
 * RMSprop (Tieleman and Hinton 2012) in PyTorch's form, for the gradient g:
 * s = rho s + (1 - rho) g^2, v = momentum v + g / (sqrt(s) + epsilon),
 * w = w - rate v.
 */
export function rmsprop(options: RmspropOptions = {}): UpdateRule {
  const { rho = 0.9, momentum = 0, epsilon = 1e-7 } = options;
  return {
    slots: optimizerSlots.rmsprop,
    update: (weight, gradient, [square, velocity], { learningRate }) => {
      const attributes: RmspropStep = { learningRate, rho, momentum, epsilon };
      const inputs = { weight, gradient, square: square!, velocity: velocity! };
      if (hasKernel(kernelNames.rmspropStep)) {
        const [next, ...slots] = runMany(kernelNames.rmspropStep, inputs, attributes);
        return { weight: next!, slots };
      }
      const s = tf.add(tf.mul(inputs.square, rho), tf.mul(tf.square(gradient), 1 - rho));
      const v = tf.add(
        tf.mul(inputs.velocity, momentum),
        tf.div(gradient, tf.add(tf.sqrt(s), epsilon)),
      );
      return { weight: tf.sub(weight, tf.mul(v, learningRate)), slots: [s, v] };
    },
  };
}
