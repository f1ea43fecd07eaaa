import * as tf from '../tensorflow.js';
import { largestAlong } from './largest-along.js';

/** The mean or the maximum of the channels of x [n, h, w, c]: [n, h, w, 1]. */
export function poolChannels(x: tf.Tensor4D, take: 'mean' | 'max'): tf.Tensor4D {
  return take === 'mean' ? tf.mean(x, [3], true) : largestAlong(x, [3]);
}
