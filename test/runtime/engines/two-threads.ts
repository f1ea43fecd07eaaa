/**
 * Run as a process of its own: trains three steps with the stated number of threads, prints the
 * losses, and the bits of some operations that its network lacks. A second word, `no-simd`, makes the host say that it has no WebAssembly SIMD.
 */
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { adam } from '../../../src/runtime/network/optimizers/adam.js';
import { Optimizer } from '../../../src/runtime/network/optimizers/optimizer.js';
import { trainingStep } from '../../../src/runtime/network/training-step.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { buildUnet } from '../graph-builder.js';
import { normalValues } from '../numeric.js';

if (process.argv[3] === 'no-simd') {
  const host = globalThis as unknown as { WebAssembly: { validate: () => boolean } };
  host.WebAssembly.validate = () => false;
}
const { threads } = await startEngine('wasm', { threads: Number(process.argv[2]) });
// Large enough that threads share most kernels; channels fill no vectors.
const graph = buildUnet(3, 10);
const image = tf.tensor4d(normalValues([3, 72, 56, 3], 1), [3, 72, 56, 3]);
const target = tf.tensor4d(normalValues([3, 72, 56, 1], 2), [3, 72, 56, 1]);
const options = {
  network: buildFunctionalNetwork(graph),
  weights: initialiseWeights(graph, new Random(1)),
  optimizer: new Optimizer(adam()),
  loss: (outputs: ReadonlyMap<string, tf.Tensor4D>): tf.Scalar =>
    tf.mean(tf.squaredDifference(outputs.get('mask')!, target)),
};
const batch = { image, targets: new Map([['mask', target]]), learningRate: 0.01 };
const losses = Array.from({ length: 3 }, () => trainingStep(options, batch).dataSync()[0]);

/** A number that any other bits of these values would change. */
const digest = (tensor: tf.Tensor): number =>
  new Int32Array(Float32Array.from(tensor.dataSync()).buffer).reduce(
    (sum, bits) => (Math.imul(sum, 31) + bits) | 0,
    0,
  );
const places = tf.tensor1d(
  Array.from({ length: 112 }, (_, at) => at >> 1),
  'int32',
);
const filter = tf.tensor4d(normalValues([3, 3, 26, 1], 3), [3, 3, 26, 1]);
const wide = tf.tensor4d(normalValues([3, 72, 56, 26], 4), [3, 72, 56, 26]);
const { value, grads } = tf.valueAndGrads((x, kernel) =>
  tf.sum(tf.square(tf.depthwiseConv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'))),
)([wide, filter]);
const bits = [value, ...grads, tf.gather(wide, places, 2)].map(digest);
console.log(JSON.stringify({ threads, losses, bits }));
