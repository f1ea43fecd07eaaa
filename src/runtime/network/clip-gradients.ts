import * as tf from '../tensorflow.js';

/** The gradients of weights by their names. */
export type Gradients = Record<string, tf.Tensor>;

/** Gradients in place of others, of the same shapes; new tensors, inside a `tidy` of the caller. */
export type ClipGradients = (gradients: Gradients) => Gradients;

/** Added to the norm, as PyTorch does. */
const epsilon = 1e-6;

/**
 * Scales all gradients by one number so that the root of the sum of all their squares is at most
 * `max`: times min(1, max / (norm + 1e-6)), `clip_grad_norm_` of PyTorch (Pascanu et al. 2013).
 */
export const clipByNorm =
  (max: number): ClipGradients =>
  (gradients) => {
    const all = Object.values(gradients);
    if (all.length === 0) return gradients;
    const squares = all.map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(squares.reduce((sum, each) => tf.add(sum, each)));
    const factor = tf.minimum(1, tf.div(max, tf.add(norm, epsilon)));
    return mapped(gradients, (gradient) => tf.mul(gradient, factor));
  };

/** Brings every value of a gradient between -max and max: `clip_grad_value_` of PyTorch. */
export const clipByValue =
  (max: number): ClipGradients =>
  (gradients) =>
    mapped(gradients, (gradient) => tf.clipByValue(gradient, -max, max));

const mapped = (gradients: Gradients, change: (gradient: tf.Tensor) => tf.Tensor): Gradients =>
  Object.fromEntries(Object.entries(gradients).map(([name, each]) => [name, change(each)]));
