import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { compileText } from '../../src/compile.js';
import type { Graph } from '../../src/ir/graph.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import { normalValues, relativeError } from '../runtime/numeric.js';

const names = [
  'atrous_pyramid',
  'attention_gate',
  'bin_means',
  'cbam',
  'concurrent_excite',
  'grid_attention_gate',
  'pyramid_pooling',
  'separable_conv',
  'squeeze_excite',
];

/** A model around one call on a tensor "x" of 32 channels, with "up" of its size and "deep" of half. */
function graphAround(call: string): Graph {
  const name = /^\w+/.exec(call)![0];
  const text = `import ${name} from "std/blocks"
    model Blocks {
      input image: [H, W, 32]
      wires {
        up = image -> conv(8, 1)
        deep = up -> max_pool(2)
        joined = [image -> ${call} -> conv(4, 1), up, deep -> nearest(2)] -> concat
      }
      head mask: joined -> conv(1, 1)
    }`;
  const { models, diagnostics } = compileText('blocks.unet', text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return models[0]!.graph;
}

/** Trained weights of the block alone. */
function trainedWeights(call: string): number {
  const scope = `/${/^\w+/.exec(call)![0]}1/`;
  return graphWeights(graphAround(call))
    .filter(({ name, trainable }) => trainable && name.includes(scope))
    .reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0);
}

beforeAll(async () => {
  await startEngine('wasm');
});

test.each([
  // As Keras counts a SeparableConv2D of 64 filters on 32 channels.
  ['separable_conv(64)', 9 * 32 + 32 * 64 + 64],
  ['squeeze_excite', 32 * 2 + 2 + 2 * 32 + 32],
  ['concurrent_excite', 32 + 1 + 32 * 16 + 16 + 16 * 32 + 32],
  ['attention_gate(16, gating: up)', 32 * 16 + 16 + 32 + (8 * 16 + 16 + 32) + (16 + 1 + 2)],
  [
    'grid_attention_gate(16, gating: deep)',
    4 * 32 * 16 + (8 * 16 + 16) + (16 + 1) + (32 * 32 + 32 + 64),
  ],
  ['cbam', 32 * 2 + 2 + 2 * 32 + 32 + 2 * 49],
  ['bin_means(3, 4)', 32 * 4 + 8],
  ['bin_means(1, 4, norm: false)', 32 * 4 + 4],
  ['pyramid_pooling(8)', 4 * (32 * 8 + 16)],
  [
    'atrous_pyramid(4, separable: true, norm_mean: true)',
    2 * (32 * 4) + 3 * (9 * 32 + 32 * 4) + 20 * 4 + 6 * 8,
  ],
  ['atrous_pyramid(4, rate: 2)', 2 * (32 * 4) + 3 * (9 * 32 * 4) + 20 * 4 + 5 * 8],
])('%s has the weights of its source', (call, count) => {
  expect(trainedWeights(call)).toBe(count);
});

describe('every block', () => {
  const calls = names.map((name) => {
    const args: Readonly<Record<string, string>> = {
      atrous_pyramid: '(4, rate: 1)',
      attention_gate: '(4, gating: up)',
      bin_means: '(3, 4)',
      grid_attention_gate: '(4, gating: deep)',
      pyramid_pooling: '(4)',
      separable_conv: '(8, dilation: 2)',
    };
    return name + (args[name] ?? '');
  });

  test.each(calls)('%s trains, and is the same as layers', (call) => {
    const graph = graphAround(call);
    const weights = initialiseWeights(graph, new Random(2));
    const image = tf.tensor4d(normalValues([2, 8, 10, 32], 3), [2, 8, 10, 32]);
    const network = buildFunctionalNetwork(graph);
    const { grads } = tf.variableGrads(() => {
      const options = { training: true, random: new Random(1) };
      return tf.mean(tf.square(network.forward(weights, image, options).outputs.get('mask')!));
    });
    expect(Object.keys(grads)).toHaveLength(weights.trainable().length);
    for (const gradient of Object.values(grads)) {
      expect(gradient.dataSync().every((value) => Number.isFinite(value))).toBe(true);
    }
    const model = buildLayersModel(graph, 'zero');
    setModelWeights(model, graph, weights);
    const expected = network.forward(weights, image).outputs.get('mask')!.dataSync();
    const found = (model.predict(image) as tf.Tensor).dataSync();
    expect(relativeError(found, expected)).toBeLessThan(1e-5);
    weights.dispose();
  });
});
