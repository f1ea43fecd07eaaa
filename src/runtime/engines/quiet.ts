import * as tf from '../tensorflow.js';

/**
 * Stops TensorFlow.js' own remarks on the console (its banner in Node, notes on
 * registered kernels). Errors stay; nothing of the arithmetic changes.
 */
export function silenceTensorFlow(): void {
  tf.env().set('PROD', true);
}
