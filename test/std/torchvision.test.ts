import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Graph } from '../../src/ir/graph.js';
import { graphWeights, holdsWeights } from '../../src/ir/weights.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import { weightsFromValues, type WeightStore } from '../../src/runtime/network/weights.js';
import { loadWeights } from '../../src/runtime/pretrained/load-weights.js';
import { referenceImage, valueAt, weightValues, type WeightKind } from '../networks/reference.js';
import { graphOf, sourceOf, writeSafetensors } from '../runtime/pretrained/support.js';

type Shape = readonly [number, number, number, number];

/** One encoder of torchvision; `test/oracles/README.md` says where the numbers come from. */
interface ReferenceEncoder {
  readonly name: string;
  /** The encoder here, with its fields. */
  readonly encoder: string;
  /** Trained parameters with the classifier, and without it. */
  readonly total: number;
  readonly features: number;
  /** Forward values, and every weight of the features: name, kind, shape in PyTorch's order, amplitude. */
  readonly size?: number;
  readonly weights?: readonly (readonly [string, WeightKind, readonly number[], number | null])[];
  readonly taps?: Readonly<
    Record<
      string,
      {
        readonly shape: Shape;
        readonly largest: number;
        readonly samples: readonly (readonly [number, number])[];
      }
    >
  >;
  /** Of those without values: how many weights there are, and the names of the last. */
  readonly count?: number;
  readonly last?: readonly string[];
}

const { encoders } = JSON.parse(
  readFileSync(new URL('../oracles/encoders.json', import.meta.url), 'utf8'),
) as { readonly encoders: readonly ReferenceEncoder[] };

/** A model of the encoder alone, with a head on each of these taps. */
function encoderGraph(call: string, taps: readonly string[]): Graph {
  const [name, fields = ''] = call.split(/\s*\{|\}/);
  const file = name === 'vgg16' ? 'vgg' : name;
  return graphOf(`import ${name} from "std/${file}"
    model Alone {
      input image: [H, W, 3]
      encoder ${name} { ${fields.trim() === '' ? '' : `${fields},`} taps: [${taps.join(', ')}] }
      ${taps.map((tap) => `head head_${tap}: ${tap} -> identity`).join('\n')}
    }`);
}

/** PyTorch's names of all weights, in the order of the network. */
function torchNames(graph: Graph): readonly string[] {
  return graph.nodes.flatMap(({ op, ofEncoder }) => {
    if (!holdsWeights(op)) return [];
    const name = ofEncoder!.storedNames['torchvision'] ?? 'none';
    const norm = ['weight', 'bias', 'running_mean', 'running_var'];
    const own = 'bias' in op && op.bias ? ['weight', 'bias'] : ['weight'];
    return (op.kind === 'batch_norm' ? norm : own).map((leaf) => `${name}.${leaf}`);
  });
}

let folder: string;
beforeAll(async () => {
  await startEngine('wasm');
  folder = mkdtempSync(join(tmpdir(), 'unetc-torchvision-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(encoders)('$name', (reference) => {
  const { encoder, features, taps, weights, count, last } = reference;
  const deepest = encoder.startsWith('vgg') ? 's16' : 's32';
  const tapNames = Object.keys(taps ?? { [deepest]: undefined });
  const graph = encoderGraph(encoder, tapNames);

  test('has as many parameters', () => {
    const sizes = graphWeights(graph).flatMap(({ shape, trainable }) =>
      trainable ? [shape.reduce((size, length) => size * length, 1)] : [],
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(features);
  });

  test('is called the same, weight for weight', () => {
    const names = torchNames(graph);
    if (weights === undefined) {
      expect(names).toHaveLength(count!);
      expect(names.slice(-4)).toEqual(last);
    } else {
      expect([...names].sort()).toEqual(weights.map(([name]) => name).sort());
    }
  });

  if (weights === undefined || taps === undefined) return;

  // TensorFlow.js draws every weight of a layers model before it is set: minutes for these.
  const hasManyWeights = features > 5_000_000;

  test('gives the same values, with weights read by its names', async () => {
    const path = join(folder, `${reference.name}.safetensors`);
    const tensors = weights.map(([name, kind, shape, gain], position) => {
      return [name, { shape, values: weightValues(kind, shape, gain, position) }] as const;
    });
    writeFileSync(path, writeSafetensors(Object.fromEntries(tensors)));
    const { value, diagnostics } = await loadWeights(graph, sourceOf(path));
    expect(diagnostics).toEqual([]);
    const store = weightsFromValues(graph, value!.values);
    const size = reference.size!;
    const image = tf.tensor4d(referenceImage([1, 3, size, size]), [1, size, size, 3]);

    const functional = buildFunctionalNetwork(graph).forward(store, image).outputs;
    const predicted = hasManyWeights ? [] : predictByLayers(graph, store, image);
    for (const [index, [tap, { shape, samples, largest }]] of Object.entries(taps).entries()) {
      const ways = [functional.get(`head_${tap}`)!, ...predicted.slice(index, index + 1)];
      for (const output of ways) {
        const [n, c, h, w] = shape;
        expect(output.shape).toEqual([n, h, w, c]);
        const values = output.dataSync();
        for (const [at, expected] of samples) {
          const gap = Math.abs(valueAt(values, shape, at) - expected) / largest;
          expect({ tap, at, gap, isNear: gap < 1e-4 }).toMatchObject({ isNear: true });
        }
      }
    }
    store.dispose();
  });
});

/** What the layers model gives, output for output. */
function predictByLayers(
  graph: Graph,
  store: WeightStore,
  image: tf.Tensor4D,
): readonly tf.Tensor[] {
  const model = buildLayersModel(graph);
  setModelWeights(model, graph, store);
  const outputs = [model.predict(image)].flat();
  model.dispose();
  return outputs;
}
