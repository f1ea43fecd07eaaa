import { beforeAll, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { RunningStatistics } from '../../../src/ir/operations/ops.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { GraphBuilder } from '../graph-builder.js';

/** What one training pass makes of the running variance of the values 0 and 4; it starts at 1. */
function runningVariance(variance: RunningStatistics['variance']): number {
  return tf.tidy(() => {
    const builder = new GraphBuilder(1);
    const norm = {
      kind: 'batch_norm',
      epsilon: 1e-5,
      scale: true,
      shift: true,
      running: { keep: 0.9, variance },
    } as const;
    const graph = builder.output('mask', builder.node('norm', norm, [builder.image])).build();
    const image = tf.tensor4d([0, 4], [1, 1, 2, 1]);
    const weights = initialiseWeights(graph, new Random(1));
    const { updates } = buildFunctionalNetwork(graph).forward(weights, image, { training: true });
    return updates.get('norm/moving_variance')!.dataSync()[0]!;
  });
}

beforeAll(async () => {
  await startEngine('wasm');
});

test("the running variance takes the batch's biased variance, as Keras does", () => {
  expect(runningVariance('biased')).toBeCloseTo(0.9 * 1 + 0.1 * 4, 6);
});

test('or n / (n - 1) times it, as PyTorch does', () => {
  expect(runningVariance('unbiased')).toBeCloseTo(0.9 * 1 + 0.1 * 8, 6);
});
