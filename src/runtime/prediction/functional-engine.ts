import * as tf from '../tensorflow.js';
import { memoryLimits } from '../memory/limits.js';
import { prepareWindows } from './functional-windows.js';
import type { PredictionEngine } from './window-network.js';

/** The engine of TensorFlow.js that was started (`startEngine`). */
export const functionalEngine: PredictionEngine = {
  limits: () => memoryLimits(tf.getBackend(), tf.memory().numBytes),
  prepare: prepareWindows,
};
