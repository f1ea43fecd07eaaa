import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs';
import type { Graph } from '../../../src/ir/graph.js';
import { sizeAt } from '../../../src/ir/sizes/analysis.js';
import { accepts, analyseSizes } from '../../../src/ir/sizes/sizes.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildLayersModel } from '../../../src/runtime/network/layers-model.js';
import { graphOf } from '../compile.js';
import { unetSpec, wiredSpec } from './random-spec.js';

const runs = { seed: 20150518, numRuns: Number(process.env['RUNS'] ?? 100) };

beforeAll(async () => {
  await startEngine('wasm');
});

/** Every tensor's real shape for one input size, by running the layers model on zeros. */
function realShapes(graph: Graph, height: number, width: number): readonly (readonly number[])[] {
  return tf.tidy(() => {
    const model = buildLayersModel(graph);
    const inner = graph.nodes.slice(1);
    const outputs = inner.map(({ name }) => model.getLayer(name).output as tf.SymbolicTensor);
    const everything = tf.model({ inputs: model.inputs, outputs });
    const results = everything.predict(tf.zeros([1, height, width, 1]));
    return [results].flat().map(({ shape }) => shape.slice(1));
  });
}

describe.each([
  ['wires', wiredSpec],
  ['U-shaped networks', unetSpec],
] as const)('random %s', (_, specs) => {
  test('have in TensorFlow.js the shapes that were proved', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }));
    let compared = 0;
    fc.assert(
      fc.property(specs, fc.array(sizes, { minLength: 3, maxLength: 3 }), (text, wanted) => {
        const graph = graphOf(text);
        const result = analyseSizes(graph);
        if (result.kind !== 'sizes') return;
        const { height: vertical, width: horizontal } = result.sizes;
        for (const [height, width] of wanted) {
          const near = (axis: typeof vertical, from: number): number | undefined =>
            Array.from({ length: 40 }, (_each, step) => from + step).find((size) =>
              accepts(axis, size),
            );
          const [h, w] = [near(vertical, height), near(horizontal, width)];
          if (h === undefined || w === undefined) continue;
          const proved = graph.nodes
            .slice(1)
            .map(({ id, channels }) => [
              sizeAt(vertical, id, h),
              sizeAt(horizontal, id, w),
              channels,
            ]);
          const largest = Math.max(...proved.map(([rows, columns]) => rows! * columns!));
          if (largest > 200_000) continue;
          expect(realShapes(graph, h, w)).toEqual(proved);
          compared += 1;
        }
      }),
      runs,
    );
    expect(compared).toBeGreaterThan(runs.numRuns / 2);
  });
});
