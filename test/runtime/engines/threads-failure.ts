/** Run as a process of its own: what comes of a kernel that lacks memory, with the stated number of threads. */
import * as tf from '../../../src/runtime/tensorflow.js';
import { EngineFailure } from '../../../src/runtime/engines/engine.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { fillHeap } from './fill-heap.js';

await startEngine('wasm', { threads: Number(process.argv[2]) });
const x = tf.ones<tf.Rank.R4>([1, 1200, 1200, 1]);
// Two kernels for a channel are left to XNNPACK.
const kernel = tf.ones<tf.Rank.R4>([3, 3, 1, 2]);
fillHeap(2 ** 24);
try {
  tf.depthwiseConv2d(x, kernel, 1, 'same').dataSync();
  console.log('a result');
} catch (error) {
  console.log(error instanceof EngineFailure ? `${error.kind}: ${error.reason}` : String(error));
}
