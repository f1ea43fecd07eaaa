import { beforeAll, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import { referenceImage, valueAt } from '../networks/reference.js';
import { compileZoo, references, smallSettings } from './networks.js';
import { weightsByShape } from './weights-by-shape.js';

beforeAll(async () => {
  await startEngine('wasm');
});

test.each(references.map((reference) => [reference.name, reference] as const))(
  '%s gives the values of PyTorch',
  (name, reference) => {
    const { graph } = compileZoo(name, smallSettings(reference));
    const weights = weightsFromValues(graph, weightsByShape(graph, reference.gain));
    const network = buildFunctionalNetwork(graph);
    for (const { size, outputs } of reference.runs) {
      const images = graph.inputs.map(({ node }) => {
        const { channels } = graph.nodes[node]!;
        return tf.tensor4d(referenceImage([1, channels, ...size]), [1, ...size, channels]);
      });
      const found = network.forward(weights, images).outputs;
      for (const [head, { shape, largest, samples }] of Object.entries(outputs)) {
        const [n, c, h, w] = shape;
        const output = found.get(head)!;
        expect([head, ...output.shape]).toEqual([head, n, h, w, c]);
        const values = output.dataSync();
        for (const [at, expected] of samples) {
          const gap = Math.abs(valueAt(values, shape, at) - expected) / largest;
          expect({ head, at, gap, isNear: gap < 1e-4 }).toMatchObject({ isNear: true });
        }
      }
      tf.dispose(images);
    }
    weights.dispose();
  },
);
