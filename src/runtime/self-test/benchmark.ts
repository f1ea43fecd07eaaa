import * as tf from '../tensorflow.js';
import { compileText } from '../../compile.js';
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

/** A network to take times of: a U-Net of four levels. */
export interface BenchmarkSize {
  /** Side of the images, in pixels. */
  readonly side: number;
  /** Channels of the first level; each next one has twice as many. */
  readonly base: number;
}

/** The networks of `unetc engines --bench`. */
export const benchmarkSizes = {
  small: { side: 64, base: 8 },
  large: { side: 128, base: 16 },
} as const satisfies Readonly<Record<string, BenchmarkSize>>;

/** Milliseconds of one training step and one prediction of a batch: medians. */
export interface BenchmarkTimes {
  /** Absent of what only predicts. */
  readonly step?: number;
  readonly prediction: number;
}

/** Images of a step and of a prediction. */
const batch = 4;

/** Times are taken until so many milliseconds have passed, but at least `fewest` times. */
const enough = 1500;
const fewest = 3;
/** After so many milliseconds no time more is taken. */
const tooLong = 10_000;

const spec = `
model Benchmark(base: int = 8) {
  input image: [H, W, 3]
  encoder plain {
    widths: base * [1, 2, 4, 8, 16]
    stage: double_conv(width)
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: double_conv(width)
  }
  head mask: conv(1, 1)
}

block double_conv(c: int) =
  conv(c, 3, bias: false) -> batch_norm -> relu
    -> conv(c, 3, bias: false) -> batch_norm -> relu

train Benchmark { loss: bce }
`;

/** Takes the times of a network on the engine in use. */
export async function timeNetwork(size: BenchmarkSize): Promise<BenchmarkTimes> {
  const { graph, recipe, values, masks } = makeNetwork(size);
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
  const { graph, recipe, values: data } = makeNetwork(size);
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

function makeNetwork({ side, base }: BenchmarkSize) {
  const { models } = compileText('benchmark', spec, { set: { base: String(base) } });
  const { graph, recipe } = models[0]!;
  const random = new Random(2);
  const area = batch * side * side;
  const values = Float32Array.from({ length: area * 3 }, () => random.normal());
  return {
    graph,
    recipe,
    values,
    masks: Uint8Array.from({ length: area }, () => random.integer(2)),
  };
}

/** The median time of some work; the first time counts only where it alone takes too long. */
async function medianTime(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const begin = performance.now();
  const isDone = (): boolean => {
    const passed = performance.now() - begin;
    return passed > tooLong || (times.length > fewest && passed > enough);
  };
  while (!isDone()) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  if (times.length > 1) times.shift();
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
