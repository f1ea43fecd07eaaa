import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { Graph } from '../../../src/ir/graph.js';
import { sizeAt } from '../../../src/ir/sizes/analysis.js';
import { accepts, analyseSizes } from '../../../src/ir/sizes/sizes.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { buildLayersModel, setModelWeights } from '../../../src/runtime/network/layers-model.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { graphOf } from '../../frontend/compile.js';
import { unetSpec, wiredSpec } from './random-spec.js';

const runs = { seed: 20150518, numRuns: Number(process.env['RUNS'] ?? 100) };

beforeAll(async () => {
  await startEngine('wasm');
});

type Shapes = ReadonlyMap<string, readonly (number | undefined)[]>;

/**
 * The real shape of every tensor of the layers model for one input size, by running it. Its
 * outputs must have the values that the functional network computes. A tensor that only tells another's size, where that is constant, has no layer.
 */
function realShapes(graph: Graph, height: number, width: number): Shapes {
  const shapes: [string, readonly number[]][] = [];
  tf.tidy(() => {
    const model = buildLayersModel(graph, 'zero');
    const layers = new Set(model.layers.map(({ name }) => name));
    const names = graph.nodes.slice(1).flatMap(({ name }) => (layers.has(name) ? [name] : []));
    for (const { node } of graph.outputs) expect(names).toContain(graph.nodes[node]!.name);
    const outputs = names.map((name) => model.getLayer(name).output as tf.SymbolicTensor);
    const everything = tf.model({ inputs: model.inputs, outputs });
    const image = tf.randomNormal<tf.Rank.R4>([1, height, width, 1], 0, 1, 'float32', 5);
    const weights = initialiseWeights(graph, new Random(3));
    setModelWeights(model, graph, weights);
    const results = [everything.predict(image)].flat();
    const { outputs: computed } = buildFunctionalNetwork(graph).forward(weights, image);
    for (const { name, node } of graph.outputs) {
      const found = results[names.indexOf(graph.nodes[node]!.name)]!;
      expect([name, relativeError(found, computed.get(name)!)]).toEqual([name, 0]);
    }
    weights.dispose();
    shapes.push(
      ...results.map(({ shape }, index): [string, number[]] => [names[index]!, shape.slice(1)]),
    );
  });
  return new Map(shapes);
}

/** How far values are apart, by the largest of them; 0 where that is the rounding of floats. */
function relativeError(left: tf.Tensor, right: tf.Tensor): number {
  expect(left.shape).toEqual(right.shape);
  const [difference, largest] = [tf.sub(left, right), right].map(
    (each) => tf.max(tf.abs(each)).dataSync()[0]!,
  );
  const error = difference! / Math.max(largest!, 1e-6);
  return error < 1e-4 ? 0 : error;
}

describe.each([
  ['wires', wiredSpec],
  ['U-shaped networks', unetSpec],
] as const)('random %s', (_, specs) => {
  test('have in TensorFlow.js the shapes that were proved, and the values of our own network', () => {
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
          const proved: Shapes = new Map(
            graph.nodes
              .slice(1)
              .map(({ id, name, channels }) => [
                name,
                [sizeAt(vertical, id, h), sizeAt(horizontal, id, w), channels],
              ]),
          );
          const areas = [...proved.values()].map(([rows, columns]) => rows! * columns!);
          if (Math.max(...areas) > 200_000) continue;
          const real = realShapes(graph, h, w);
          expect(real).toEqual(new Map([...proved].filter(([name]) => real.has(name))));
          compared += 1;
        }
      }),
      runs,
    );
    expect(compared).toBeGreaterThan(runs.numRuns / 2);
  });
});
