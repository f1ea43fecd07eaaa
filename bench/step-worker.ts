/**
 * One side of `compare-steps.ts` and `engines.ts`, a process of its own: for each line on its input
 * it runs so many training steps or predictions of a plain U-Net and prints the milliseconds of
 * one and its result. Words: pixels, filters, threads, engine.
 */
import * as tf from '@tensorflow/tfjs-core';
import { createInterface } from 'node:readline';
import type { EngineName } from '../src/runtime/engines/engine.js';
import { startEngine } from '../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../src/runtime/network/functional.js';
import { prepareInference } from '../src/runtime/network/inference.js';
import { adam } from '../src/runtime/network/optimizers/adam.js';
import { Optimizer } from '../src/runtime/network/optimizers/optimizer.js';
import { trainingStep } from '../src/runtime/network/training-step.js';
import { initialiseWeights } from '../src/runtime/network/weights.js';
import { Random } from '../src/runtime/random.js';
import { buildUnet } from '../test/runtime/graph-builder.js';

const [engine = 'wasm'] = process.argv.slice(5) as EngineName[];
const [pixels = 64, filters = 8, threads = 1] = process.argv.slice(2, 5).map(Number);
const batch = 4;
await startEngine(engine, { threads });
const random = new Random(7);
const fill = (channels: number, draw: () => number): tf.Tensor4D => {
  const length = batch * pixels * pixels * channels;
  return tf.tensor4d(Float32Array.from({ length }, draw), [batch, pixels, pixels, channels]);
};
const image = fill(3, () => random.uniform());
const target = fill(1, () => random.integer(2));
const graph = buildUnet(4, filters);
const weights = initialiseWeights(graph, new Random(1));
const options = {
  network: buildFunctionalNetwork(graph),
  weights,
  optimizer: new Optimizer(adam()),
  loss: (outputs: ReadonlyMap<string, tf.Tensor4D>): tf.Scalar => {
    const logits = outputs.get('mask')!;
    const rest = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
    return tf.mean(tf.sub(tf.add(tf.relu(logits), rest), tf.mul(logits, target)));
  },
};

/** Reading waits for devices that compute ahead. */
const works: Readonly<Record<string, () => Promise<number>>> = {
  train: async () => {
    const loss = trainingStep(options, { image, learningRate: 1e-3 });
    const value = (await loss.data())[0]!;
    loss.dispose();
    return value;
  },
  predict: async () => {
    const outputs = network.forward(image);
    const value = (await outputs.get('mask')!.data())[0]!;
    tf.dispose([...outputs.values()]);
    return value;
  },
};
const network = prepareInference(graph, weights);
console.log('ready');
for await (const line of createInterface(process.stdin)) {
  const [work = '', times = '1'] = line.split(' ');
  const [start, used] = [performance.now(), process.cpuUsage()];
  let value = 0;
  for (let at = 0; at < Number(times); at++) value = await works[work]!();
  const { user, system } = process.cpuUsage(used);
  const wall = performance.now() - start;
  const each = [(user + system) / 1000, wall].map((total) => total / Number(times));
  console.log(JSON.stringify({ cpu: each[0], wall: each[1], value }));
}
