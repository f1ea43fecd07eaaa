import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { compileText } from '../../../src/compile.js';
import type { Graph } from '../../../src/ir/graph.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { predictionMemory } from '../../../src/runtime/memory/prediction-memory.js';
import { variedWeights } from '../../networks/forms.js';
import { normalValues } from '../numeric.js';

const graphOf = (...wires: readonly string[]): Graph => {
  const text = `model A {
  input image: [H, W, 2]
  wires {
${wires.map((wire) => `    ${wire}`).join('\n')}
  }
  head mask: conv(1, 1)
}
block recurrent(c: int) {
  shared step = conv(c, 3) -> batch_norm -> relu
  h = in -> step
  for i in range(2) { h = [in, h] -> add -> step }
  out = h
}`;
  return compileText('a.unet', text).models[0]!.graph;
};

const recurrent = ['w = image -> conv(4, 1)', 'a = w -> recurrent(4)'];

describe.each(['wasm', 'cpu'] as const)('on %s', (engine) => {
  beforeAll(() => startEngine(engine));

  test('statistics of a norm move at each call, in order', () => {
    const graph = graphOf('shared n = batch_norm(momentum: 0.5)', 'a = image -> n', 'b = a -> n');
    const weights = variedWeights(graph);
    const moved = tf.tidy(() => {
      const data = normalValues([2, 4, 4, 2], 1);
      const image = tf.tensor4d(data, [2, 4, 4, 2]);
      const { updates } = buildFunctionalNetwork(graph).forward(weights, image, { training: true });
      const first = tf.mean(image, [0, 1, 2]);
      // What a batch norm makes has its shift as its mean.
      const expected = tf.add(
        tf.mul(0.5, tf.add(tf.mul(0.5, weights.get('n/moving_mean')), tf.mul(0.5, first))),
        tf.mul(0.5, weights.get('n/beta')),
      );
      return [updates.get('n/moving_mean')!, expected].map((each) => [...each.dataSync()]);
    });
    weights.dispose();
    for (const [at, value] of moved[0]!.entries()) expect(value).toBeCloseTo(moved[1]![at]!, 5);
  });

  test('the gradient of a weight is the sum over its calls', () => {
    const graph = graphOf(...recurrent);
    const weights = variedWeights(graph);
    const network = buildFunctionalNetwork(graph);
    const data = normalValues([2, 6, 6, 2], 4);
    const loss = (): tf.Scalar => {
      const image = tf.tensor4d(data, [2, 6, 6, 2]);
      const { outputs } = network.forward(weights, image, { training: true });
      return tf.sum(tf.square(outputs.get('mask')!));
    };
    for (const name of [
      'a/step/conv1/kernel',
      'a/step/batch_norm1/gamma',
      'a/step/batch_norm1/beta',
    ]) {
      const variable = weights.get(name);
      const { grads } = tf.variableGrads(loss, [variable]);
      const gradient = [...grads[variable.name]!.dataSync()];
      tf.dispose(grads);
      const start = Float32Array.from(variable.dataSync());
      // Along the gradient the loss rises by its square, in the middle of two steps.
      const square = gradient.reduce((sum, each) => sum + each * each, 0);
      const step = 2e-3 / Math.sqrt(square);
      const at = (factor: number): number => {
        const moved = start.map((value, index) => value + factor * step * gradient[index]!);
        tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
        return tf.tidy(() => loss().dataSync()[0]!);
      };
      const slope = (at(1) - at(-1)) / (2 * step);
      at(0);
      expect([name, Math.abs(slope / square - 1) < 0.02]).toEqual([name, true]);
    }
    weights.dispose();
  });
});

test('memory counts shared weights once', () => {
  const apart = graphOf(
    'w = image -> conv(256, 1)',
    'a = w -> conv(256, 3) -> conv(256, 3) -> conv(256, 3)',
  );
  const shared = graphOf(
    'shared s = conv(256, 3)',
    'w = image -> conv(256, 1)',
    'a = w -> s -> s -> s',
  );
  const kernel = 4 * 256 * 256 * 9;
  const saved = predictionMemory(apart, 8, 8) - predictionMemory(shared, 8, 8);
  expect(saved).toBeGreaterThan(2 * 2 * kernel);
});
