/** A process that computes on WebGPU and leaves everything as it is: prints 9. */
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';

await startEngine('webgpu');
const nine = tf.square(tf.fill([100, 100], 3));
console.log((await nine.data())[0]);
