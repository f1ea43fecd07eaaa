import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { Graph } from '../../../src/ir/graph.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { adam, adamw } from '../../../src/runtime/network/optimizers/adam.js';
import type { UpdateRule } from '../../../src/runtime/network/optimizers/optimizer.js';
import { Optimizer } from '../../../src/runtime/network/optimizers/optimizer.js';
import { rmsprop } from '../../../src/runtime/network/optimizers/rmsprop.js';
import { sgd } from '../../../src/runtime/network/optimizers/sgd.js';
import { trainingStep } from '../../../src/runtime/network/training-step.js';
import type { WeightStore } from '../../../src/runtime/network/weights.js';
import { initialiseWeights, weightsFromValues } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { buildUnet, GraphBuilder } from '../graph-builder.js';
import { normalValues, relativeError } from '../numeric.js';

beforeAll(async () => {
  await startEngine('wasm');
});

/** conv, norm, relu, dropout, conv: everything that trains, in the smallest net. */
function smallGraph(): Graph {
  const graph = new GraphBuilder(2);
  const x = graph.convNormRelu('unit', graph.image, 5);
  const dropped = graph.node('drop', { kind: 'dropout', rate: 0.25, drops: 'channels' }, [x]);
  return graph.output('mask', graph.conv('head', dropped, 1, { kernel: [1, 1] })).build();
}

interface Run {
  readonly losses: number[];
  readonly values: Map<string, Float32Array>;
}

/** Trains on one random batch; the loss is the mean squared error. */
async function train(graph: Graph, rule: UpdateRule, steps: number, size = 8): Promise<Run> {
  const weights = initialiseWeights(graph, new Random(11));
  const optimizer = new Optimizer(rule);
  const losses = runSteps(graph, weights, optimizer, steps, size);
  const values = await weights.values();
  weights.dispose();
  optimizer.dispose();
  return { losses, values };
}

function runSteps(
  graph: Graph,
  weights: WeightStore,
  optimizer: Optimizer,
  steps: number,
  size = 8,
  firstStep = 0,
): number[] {
  const channels = graph.nodes[0]!.channels;
  const network = buildFunctionalNetwork(graph);
  const image = tf.tensor4d(normalValues([2, size, size, channels], 1), [2, size, size, channels]);
  const target = tf.tensor4d(normalValues([2, size, size, 1], 2), [2, size, size, 1]);
  const loss = (outputs: ReadonlyMap<string, tf.Tensor4D>): tf.Scalar =>
    tf.mean(tf.squaredDifference(outputs.get('mask')!, target));
  const random = new Random(5);
  const losses: number[] = [];
  for (let step = firstStep; step < firstStep + steps; step++) {
    const value = trainingStep(
      { network, weights, optimizer, loss },
      { image, learningRate: 0.01, random: random.fork(`step ${step}`) },
    );
    losses.push(value.dataSync()[0]!);
    value.dispose();
  }
  tf.dispose([image, target]);
  return losses;
}

const rules: readonly (readonly [string, () => UpdateRule])[] = [
  ['adam', () => adam()],
  ['adamw', () => adamw({ weightDecay: 0.1 })],
  ['sgd', () => sgd()],
  ['sgd with momentum', () => sgd({ momentum: 0.9 })],
  ['sgd with nesterov', () => sgd({ momentum: 0.9, nesterov: true })],
  ['rmsprop', () => rmsprop({ momentum: 0.5 })],
];

describe.each(rules)('%s', (_name, makeRule) => {
  test('lowers the loss and is the same on wasm and cpu', async () => {
    await startEngine('cpu');
    const onCpu = await train(smallGraph(), makeRule(), 12);
    await startEngine('wasm');
    const onWasm = await train(smallGraph(), makeRule(), 12);
    expect(onWasm.losses.at(-1)!).toBeLessThan(onWasm.losses[0]!);
    expect(relativeError(onWasm.losses, onCpu.losses)).toBeLessThan(1e-4);
    for (const [name, values] of onCpu.values) {
      expect([name, relativeError(onWasm.values.get(name)!, values) < 2e-3]).toEqual([name, true]);
    }
  });

  test('a restored state goes on to the same bits', async () => {
    const graph = smallGraph();
    const whole = await train(graph, makeRule(), 6);

    const weights = initialiseWeights(graph, new Random(11));
    const optimizer = new Optimizer(makeRule());
    runSteps(graph, weights, optimizer, 3);
    const state = await optimizer.state();
    const values = await weights.values();
    weights.dispose();
    optimizer.dispose();

    const restoredWeights = weightsFromValues(graph, values);
    const restored = new Optimizer(makeRule());
    restored.restore(state);
    expect(await restored.state()).toEqual(state);
    runSteps(graph, restoredWeights, restored, 3, 8, 3);
    expect(await restoredWeights.values()).toEqual(whole.values);
    restoredWeights.dispose();
    restored.dispose();
  });
});

describe('rules against TensorFlow.js and by hand', () => {
  /** Three steps from 1, -2, 3 with gradient w^2 - 1 (a vector: nothing decays) or as a matrix. */
  function three(rule: UpdateRule, shape: number[] = [3]): Float32Array {
    const variable = tf.variable(tf.tensor([1.5, -2, 3], shape));
    const optimizer = new Optimizer(rule);
    for (let step = 0; step < 3; step++) {
      tf.tidy(() => {
        const gradient = tf.sub(tf.square(variable), 1);
        optimizer.apply([{ name: 'w', variable }], new Map([['w', gradient]]), 0.1);
      });
    }
    const values = Float32Array.from(variable.dataSync());
    variable.dispose();
    optimizer.dispose();
    return values;
  }

  function reference(optimizer: tf.Optimizer): Float32Array {
    const variable = tf.variable(tf.tensor([1.5, -2, 3]), true, 'w-reference');
    for (let step = 0; step < 3; step++) {
      tf.tidy(() => {
        const tensor = tf.sub(tf.square(variable), 1);
        optimizer.applyGradients([{ name: 'w-reference', tensor }]);
      });
    }
    const values = Float32Array.from(variable.dataSync());
    variable.dispose();
    optimizer.dispose();
    return values;
  }

  test('adam', () => {
    expect(relativeError(three(adam()), reference(tf.train.adam(0.1)))).toBeLessThan(1e-5);
  });
  test('sgd', () => {
    expect(relativeError(three(sgd()), reference(tf.train.sgd(0.1)))).toBeLessThan(1e-6);
  });
  test.each([true, false])('momentum, nesterov %s', (nesterov) => {
    const expected = reference(tf.train.momentum(0.1, 0.9, nesterov));
    expect(relativeError(three(sgd({ momentum: 0.9, nesterov })), expected)).toBeLessThan(1e-6);
  });
  test('rmsprop', () => {
    // TensorFlow.js adds epsilon under the root: equal where it is negligible.
    const expected = reference(tf.train.rmsprop(0.1, 0.9, 0, 1e-12));
    expect(relativeError(three(rmsprop({ epsilon: 1e-12 })), expected)).toBeLessThan(1e-5);
  });
  test('adamw shrinks kernels by rate times decay and leaves vectors alone', () => {
    const shrink = (rule: UpdateRule, shape: number[]): Float32Array => {
      const variable = tf.variable(tf.tensor([2, -4], shape));
      const optimizer = new Optimizer(rule);
      const zero = tf.zeros(shape);
      optimizer.apply([{ name: 'w', variable }], new Map([['w', zero]]), 0.1);
      const values = Float32Array.from(variable.dataSync());
      optimizer.dispose();
      tf.dispose([variable, zero]);
      return values;
    };
    const rule = adamw({ weightDecay: 0.5 });
    expect(relativeError(shrink(rule, [1, 2]), [1.9, -3.8])).toBeLessThan(1e-6);
    expect([...shrink(rule, [2])]).toEqual([2, -4]);
  });
});

describe('a training step', () => {
  test('twice the same run gives the same bits', async () => {
    const graph = buildUnet(2, 4);
    const first = await train(graph, adam(), 5, 16);
    const second = await train(graph, adam(), 5, 16);
    expect(second).toEqual(first);
  });

  test('dropout differs from step to step', async () => {
    const frozen = {
      ...sgd(),
      update: (weight: tf.Tensor) => ({ weight: weight.clone(), slots: [] }),
    };
    const { losses } = await train(smallGraph(), { ...frozen, slots: [] }, 4);
    expect(new Set(losses).size).toBeGreaterThan(1);
  });

  test('200 steps leave no tensor and no memory behind', () => {
    const graph = smallGraph();
    const weights = initialiseWeights(graph, new Random(11));
    const optimizer = new Optimizer(adam());
    runSteps(graph, weights, optimizer, 2);
    const before = tf.memory();
    runSteps(graph, weights, optimizer, 200);
    const after = tf.memory();
    expect(after.numTensors).toBe(before.numTensors);
    expect(after.numBytes).toBe(before.numBytes);
    expect(tf.engine().backend.numDataIds()).toBe(tf.memory().numDataBuffers);
    weights.dispose();
    optimizer.dispose();
    expect(tf.memory().numTensors).toBeLessThan(before.numTensors);
  });

  test('running statistics follow the batch with the momentum of the graph', async () => {
    const graph = smallGraph();
    const weights = initialiseWeights(graph, new Random(11));
    const image = tf.tensor4d(normalValues([2, 8, 8, 2], 1), [2, 8, 8, 2]);
    const [mean, variance] = tf.tidy(() => {
      const kernel = weights.get('unit/conv/kernel') as tf.Tensor4D;
      const moments = tf.moments(tf.conv2d(image, kernel, 1, 'same'), [0, 1, 2]);
      return [moments.mean.dataSync(), moments.variance.dataSync()];
    });
    const optimizer = new Optimizer(sgd());
    runSteps(graph, weights, optimizer, 1);
    const values = await weights.values();
    const expectedMean = Array.from(mean!, (value) => 0.1 * value);
    const expectedVariance = Array.from(variance!, (value) => 0.9 + 0.1 * value);
    expect(relativeError(values.get('unit/norm/moving_mean')!, expectedMean)).toBeLessThan(1e-4);
    expect(relativeError(values.get('unit/norm/moving_variance')!, expectedVariance)).toBeLessThan(
      1e-5,
    );
    weights.dispose();
    optimizer.dispose();
  });
});

test('new weights have the deviations of their initialisers', async () => {
  const graph = new GraphBuilder(16);
  graph.conv('he', graph.image, 64, { initializer: 'he_normal' });
  graph.conv('he_flat', graph.image, 64, { initializer: 'he_uniform' });
  graph.conv('glorot', graph.image, 64, { initializer: 'glorot_normal' });
  const last = graph.conv('glorot_flat', graph.image, 64, { initializer: 'glorot_uniform' });
  const weights = initialiseWeights(graph.output('mask', last).build(), new Random(1));
  const values = await weights.values();
  const deviation = (name: string): number => {
    const all = values.get(`${name}/kernel`)!;
    return Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length);
  };
  const he = Math.sqrt(2 / (9 * 16));
  const glorot = Math.sqrt(2 / (9 * 16 + 9 * 64));
  expect(deviation('he') / he).toBeCloseTo(1, 1.5);
  expect(deviation('he_flat') / he).toBeCloseTo(1, 1.5);
  expect(deviation('glorot') / glorot).toBeCloseTo(1, 1.5);
  expect(deviation('glorot_flat') / glorot).toBeCloseTo(1, 1.5);
  const limit = Math.sqrt(6 / (9 * 16));
  expect(Math.max(...values.get('he_flat/kernel')!)).toBeLessThanOrEqual(limit);
  expect(() => weightsFromValues(graph.build(), new Map())).toThrow(
    "the values of weight 'he/kernel' are missing",
  );
});
