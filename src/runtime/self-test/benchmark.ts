import { setImmediate } from 'node:timers/promises';
import * as tf from '../tensorflow.js';
import { readOutputs, withLogitHeads } from '../losses/head.js';
import { lossOfOutputs } from '../losses/loss.js';
import { makeTarget } from '../losses/target.js';
import { buildFunctionalNetwork } from '../network/functional.js';
import { prepareInference } from '../network/inference.js';
import type { PredictionEngine } from '../prediction/window-network.js';
import { adam } from '../network/optimizers/adam.js';
import { Optimizer } from '../network/optimizers/optimizer.js';
import { trainingStep } from '../network/training-step.js';
import { initialiseWeights } from '../network/weights.js';
import { Random } from '../random.js';
import {
  batch,
  makeBenchmark,
  patience,
  type BenchmarkSize,
  type BenchmarkTimes,
} from './benchmark-network.js';

/** Takes the times of a network on the engine in use. */
export async function timeNetwork(size: BenchmarkSize): Promise<BenchmarkTimes> {
  const { graph, recipe, values, masks } = makeBenchmark(size);
  const { side } = size;
  const trained = withLogitHeads(graph);
  const outputs = readOutputs(trained, recipe.losses);
  const weights = initialiseWeights(graph, new Random(1));
  const optimizer = new Optimizer(adam());
  const image = tf.tensor4d(values, [batch, side, side, 3]);
  const target = makeTarget(outputs[0]!.head, {
    ...{ count: batch, height: side, width: side, masks },
    weights: new Float32Array(masks.length).fill(1),
  });
  const step = {
    ...{ network: buildFunctionalNetwork(trained), weights, optimizer },
    loss: (found: ReadonlyMap<string, tf.Tensor4D>) =>
      lossOfOutputs(outputs, found, new Map([[outputs[0]!.head.name, target]])),
  };
  const network = prepareInference(graph, weights);
  const readOne = async (tensor: tf.Tensor): Promise<void> => {
    await tensor.data();
    tensor.dispose();
  };
  try {
    return {
      step: await medianTime(() => readOne(trainingStep(step, { image, learningRate: 1e-3 }))),
      prediction: await medianTime(() => readOne([...network.forward(image).values()][0]!)),
    };
  } finally {
    network.dispose();
    weights.dispose();
    optimizer.dispose();
    tf.dispose([image, target.truth, target.weights]);
  }
}

/** Takes the time of a prediction by what only predicts; weights are made on the engine in use. */
export async function timePrediction(
  size: BenchmarkSize,
  engine: PredictionEngine,
): Promise<BenchmarkTimes> {
  const { graph, recipe, values: data } = makeBenchmark(size);
  const store = initialiseWeights(graph, new Random(1));
  const network = await engine.prepare({ graph, recipe, weights: await store.values() });
  store.dispose();
  const windows = { count: batch, height: size.side, width: size.side, channels: 3, data };
  try {
    return { prediction: await medianTime(() => network.run(windows)) };
  } finally {
    network.dispose();
  }
}

/** The median time of some work; the first time counts only where it alone takes too long. */
async function medianTime(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const begin = performance.now();
  const { enough, fewest, tooLong } = patience;
  const isDone = (): boolean => {
    const passed = performance.now() - begin;
    return passed > tooLong || (times.length > fewest && passed > enough);
  };
  while (!isDone()) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
    // Lets the process hear that it is to end; promises alone would never yield to it.
    await setImmediate();
  }
  if (times.length > 1) times.shift();
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
