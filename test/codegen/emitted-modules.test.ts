import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { describeModel } from '../../src/codegen/model-facts.js';
import type { CompiledModel } from '../../src/compile.js';
import { layeredGraph } from '../../src/codegen/tfjs/layered-graph.js';
import { layersOf } from '../../src/codegen/tfjs/layers.js';
import { accepts, exampleSize, legalAtLeast } from '../../src/ir/sizes/sizes.js';
import { sizeAt, type AxisAnalysis } from '../../src/ir/sizes/analysis.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import { predict, saveAndLoad } from '../networks/forms.js';
import { emitCase, type Emitted } from './cases.js';
import { forms } from './forms.js';
import { loadModule, removeModules, type Exports } from './load-module.js';
import { leaveKernelsZero } from './unfilled-weights.js';

/** Emitted modules, narrow so that they run fast, do what their graphs say. */

interface Loaded extends Emitted {
  readonly exports: Exports;
}

const loaded = new Map<string, Loaded>();
beforeAll(async () => {
  await startEngine('wasm');
  leaveKernelsZero();
  for (const each of forms) {
    const emitted = await emitCase(each.of, { set: each.set });
    loaded.set(each.name, { ...emitted, exports: await loadModule(emitted.code) });
  }
});
afterAll(removeModules);

describe.each(forms.map(({ name }) => name))('%s', (name) => {
  test('builds the layers of its graph, by their names', () => {
    for (const [model, { graph }] of buildAll(name)) {
      const expected = layeredGraph(graph).nodes.flatMap((node) =>
        node.op.kind === 'input' ? [node.name] : layersOf(node).map((layer) => layer.name),
      );
      // The calls of a shared instance are calls of one layer.
      const once = [...new Set(expected)].sort();
      expect(model.layers.map((layer) => layer.name).sort()).toEqual(once);
      const count = graphWeights(graph).reduce(
        (sum, { shape }) => sum + tf.util.sizeFromShape([...shape]),
        0,
      );
      expect(model.countParams()).toBe(count);
      model.dispose();
    }
  });

  test('predicts what our own model predicts, in the sizes that were proved', async () => {
    for (const [model, compiled] of buildAll(name)) {
      const { graph, sizes, recipe } = compiled;
      const weights = initialiseWeights(graph, new Random(recipe.seed));
      const reference = buildLayersModel(graph);
      setModelWeights(reference, graph, weights);
      setModelWeights(model, graph, weights);
      const again = await saveAndLoad(model);
      for (const [height, width] of someSizes(compiled)) {
        const { channels } = graph.nodes[graph.inputs[0]!.node]!;
        const image = tf.randomNormal<tf.Rank.R4>([1, height, width, channels], 0, 1, 'float32', 7);
        const actual = predict(model, image);
        const expected = predict(reference, image);
        const restored = predict(again, image);
        for (const [at, output] of graph.outputs.entries()) {
          expect(actual[at]!.shape).toEqual([
            1,
            sizeAt(sizes.height, output.node, height),
            sizeAt(sizes.width, output.node, width),
            graph.nodes[output.node]!.channels,
          ]);
          expect(difference(actual[at]!, expected[at]!)).toBeLessThan(1e-5);
          expect(difference(restored[at]!, actual[at]!)).toBe(0);
        }
        tf.dispose([image, actual, expected, restored]);
      }
      for (const each of [model, reference, again]) each.dispose();
      weights.dispose();
    }
  });

  test('says which sizes are illegal', () => {
    const { models, exports } = loaded.get(name)!;
    for (const { graph, sizes } of models) {
      const check = Object.entries(exports).find(([key]) =>
        new RegExp(`^check${graph.model.replace(/_$/, '')}Size$`, 'i').test(key),
      )?.[1] as ((height: number, width: number) => void) | undefined;
      const takes = (height: number, width: number): boolean => {
        try {
          check?.(height, width);
          return true;
        } catch (error) {
          expect((error as Error).message).toContain(`${graph.model} takes images whose `);
          return false;
        }
      };
      if (typeof sizes.height.input === 'number') {
        expect(check).toBeUndefined();
        continue;
      }
      for (let size = 1; size < 230; size++) {
        const isLegal = accepts(sizes.height, size) && accepts(sizes.width, size);
        expect([size, takes(size, size)]).toEqual([size, isLegal]);
      }
    }
  });
});

describe('what a module says beside its functions', () => {
  const text = `model M {
    input image: [H, W, 3]
    wires { a = image -> conv(4, 3) -> relu }
    head mask: a -> conv(3, 1)
    head edge: a -> conv(1, 1) -> sigmoid
  }
  model X { input image: [H, W, 1]
    wires { a = image -> conv(1, 1) }
    head mask: a }
  train M {
    classes: [sky, "__proto__", "a */ b \\" c"]
    scaling: caffe
    loss mask: cross_entropy
  }`;
  const spec = { name: 'facts', file: 'facts.unet', text, isValid: true };

  test('is how images are scaled, what outputs mean and what classes are called', async () => {
    const { code } = await emitCase(spec);
    const { factsOfM, factsOfX } = await loadModule(code);
    expect(factsOfM).toEqual({
      scaling: {
        name: 'caffe',
        order: [2, 1, 0],
        statistics: {
          mean: [103.939, 116.779, 123.68].map((value) => value / 255),
          deviation: [1 / 255, 1 / 255, 1 / 255],
        },
      },
      outputs: [
        { name: 'mask', channels: 3, values: 'logits', activation: 'softmax' },
        { name: 'edge', channels: 1, values: 'sigmoid', activation: 'sigmoid' },
      ],
      heads: [
        { name: 'mask', outputs: ['mask'], prediction: 'main' },
        { name: 'edge', outputs: ['edge'], prediction: 'main' },
      ],
      classes: ['sky', '__proto__', 'a */ b " c'],
    });
    expect(factsOfX).toMatchObject({ scaling: { name: 'unit' } });
  });

  test('is the same that an exported model says', () => {
    for (const { models, exports } of loaded.values()) {
      for (const compiled of models) {
        const { scaling, outputs, heads, classes } = describeModel(compiled);
        const { text: _, ...numbers } = scaling;
        const facts = JSON.parse(JSON.stringify({ scaling: numbers, outputs, heads, classes }));
        const found = Object.entries(exports).filter(([key]) => key.startsWith('factsOf'));
        expect(found.map(([, value]) => value)).toContainEqual(facts);
      }
    }
  });
});

test('equal specs give equal bytes', async () => {
  for (const { of, set } of forms) {
    const [first, second] = [await emitCase(of, { set }), await emitCase(of, { set })];
    expect(second.code).toBe(first.code);
  }
});

/** A module's models, each with what it was compiled from. */
function buildAll(name: string): readonly (readonly [tf.LayersModel, CompiledModel])[] {
  const { models, exports } = loaded.get(name)!;
  const built = Object.entries(exports)
    .filter(([key]) => key.startsWith('build'))
    .map(([, build]) => (build as () => tf.LayersModel)());
  expect(built).toHaveLength(models.length);
  return models.map((compiled) => {
    const model = built.find((each) => each.name === compiled.name);
    expect(model).toBeDefined();
    return [model!, compiled] as const;
  });
}

/** The smallest legal sizes, and two that differ. */
function someSizes({ sizes }: CompiledModel): readonly (readonly [number, number])[] {
  const { height, width } = sizes;
  const next = (axis: AxisAnalysis, from: number): number =>
    typeof axis.input === 'number' ? axis.input : (legalAtLeast(axis, from) ?? exampleSize(axis)!);
  const least = [next(height, 8), next(width, 8)] as const;
  if (height.input === width.input)
    return [least, [next(height, least[0] + 1), next(width, least[0] + 1)]];
  return [least, [next(height, least[0] + 1), next(width, least[1] + 9)]];
}

function difference(left: tf.Tensor, right: tf.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(left, right))).dataSync()[0]!);
}
