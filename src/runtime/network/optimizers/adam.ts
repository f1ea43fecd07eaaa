import * as tf from '../../tensorflow.js';
import { hasKernel, kernelNames } from '../../kernels/names.js';
import { runMany } from '../../kernels/gradients.js';
import type { AdamStep } from '../../kernels/optimizer-attributes.js';
import type { UpdateRule } from './optimizer.js';
import { optimizerSlots } from './slots.js';

/** The numbers of Adam. */
export interface AdamOptions {
  /** Decay of the mean gradient, 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the mean squared gradient, 0.999 by default. */
  readonly beta2?: number;
  /** Added to the root of the mean square, 1e-7 by default as in Keras. */
  readonly epsilon?: number;
  /** Decoupled weight decay times the learning rate; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1); with `weightDecay` AdamW (Loshchilov
 * and Hutter 2019): m = beta1 m + (1 - beta1) g, s = beta2 s + (1 - beta2) g^2,
 * w = (1 - rate decay) w - rate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon).
 */
export function adam(options: AdamOptions = {}): UpdateRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0 } = options;
  return {
    slots: optimizerSlots.adam,
    update: (weight, gradient, [mean, square], { learningRate, step, decays }) => {
      const attributes: AdamStep = {
        learningRate,
        beta1,
        beta2,
        epsilon,
        correction1: 1 - beta1 ** step,
        correction2: 1 - beta2 ** step,
        decay: decays ? weightDecay : 0,
      };
      const inputs = { weight, gradient, mean: mean!, square: square! };
      if (hasKernel(kernelNames.adamStep)) {
        const [next, ...slots] = runMany(kernelNames.adamStep, inputs, attributes);
        return { weight: next!, slots };
      }
      return composedAdam(inputs, attributes);
    },
  };
}

/** AdamW: Adam with decoupled weight decay, 0.01 by default as in PyTorch. */
export function adamw(options: AdamOptions = {}): UpdateRule {
  return adam({ ...options, weightDecay: options.weightDecay ?? 0.01 });
}

function composedAdam(
  inputs: Readonly<Record<'weight' | 'gradient' | 'mean' | 'square', tf.Tensor>>,
  attributes: AdamStep,
): { weight: tf.Tensor; slots: tf.Tensor[] } {
  const { weight, gradient } = inputs;
  const { learningRate, beta1, beta2, epsilon, correction1, correction2, decay } = attributes;
  const mean = tf.add(tf.mul(inputs.mean, beta1), tf.mul(gradient, 1 - beta1));
  const square = tf.add(tf.mul(inputs.square, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const root = tf.add(tf.mul(tf.sqrt(square), 1 / Math.sqrt(correction2)), epsilon);
  const move = tf.div(tf.mul(mean, learningRate / correction1), root);
  return {
    weight: tf.sub(tf.mul(weight, 1 - learningRate * decay), move),
    slots: [mean, square],
  };
}
