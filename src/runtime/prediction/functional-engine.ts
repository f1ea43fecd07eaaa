import * as tf from '../tensorflow.js';
import { memoryLimits } from '../memory/limits.js';
import { weightsFromValues } from '../network/weights.js';
import { functionalWindows } from './functional-windows.js';
import type { PredictionEngine } from './window-network.js';

/** The engine of TensorFlow.js that was started (`startEngine`). */
export const functionalEngine: PredictionEngine = {
  limits: () => memoryLimits(tf.getBackend(), tf.memory().numBytes),
  prepare: ({ graph, weights }) => {
    const store = weightsFromValues(graph, weights);
    try {
      return Promise.resolve(functionalWindows(graph, store));
    } finally {
      store.dispose();
    }
  },
};
