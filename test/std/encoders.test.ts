import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '../../src/runtime/tensorflow.js';
import type { LoadableNetwork } from '../../src/ir/encoder-files.js';
import type { Graph } from '../../src/ir/graph.js';
import { holdsWeights } from '../../src/ir/operations/weights.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import { weightsFromValues, type WeightStore } from '../../src/runtime/network/weights.js';
import { loadWeights } from '../../src/runtime/pretrained/load-weights.js';
import { referenceImage, valueAt, weightValues, type WeightKind } from '../networks/reference.js';
import { counted, sourceOf, writeSafetensors } from '../runtime/pretrained/support.js';
import { encoderNetwork } from './encoder-network.js';

/** One encoder of a library; `test/oracles/README.md` says where the numbers come from. */
interface ReferenceEncoder {
  readonly name: string;
  /** The encoder here, with its fields. */
  readonly encoder: string;
  /** Trained parameters without the classifier. */
  readonly features: number;
  /** Every weight of the features: name, kind, shape in the library's order, amplitude. */
  readonly weights?: readonly (readonly [string, WeightKind, readonly number[], number | null])[];
  /** What a file of the whole model has beside them: name and shape. */
  readonly rest?: readonly (readonly [string, readonly number[]])[];
  /** Forward values with these weights, for images of [height, width]. */
  readonly runs?: readonly {
    readonly size: readonly [number, number];
    readonly taps: Readonly<Record<string, ReferenceTap>>;
  }[];
  /** Of those without values: how many weights there are, and the names of the last. */
  readonly count?: number;
  readonly last?: readonly string[];
}

interface ReferenceTap {
  /** [n, c, h, w] */
  readonly shape: readonly [number, number, number, number];
  readonly largest: number;
  /** [flat index in n, c, h, w; value] */
  readonly samples: readonly (readonly [number, number])[];
}

/** PyTorch's words for the weights of a convolution and of a normalisation. */
const ofPyTorch = {
  conv: ['.weight', '.bias'],
  norm: ['.weight', '.bias', '.running_mean', '.running_var'],
} as const;

/** How the libraries call these weights. */
const leaves = {
  torchvision: ofPyTorch,
  timm: ofPyTorch,
  keras: {
    conv: ['/kernel', '/bias'],
    norm: ['/gamma', '/beta', '/moving_mean', '/moving_variance'],
  },
} as const;
type Library = keyof typeof leaves;

const encodersOf = (library: Library): readonly (readonly [string, ReferenceEncoder])[] => {
  const file = new URL(`../oracles/${library}-encoders.json`, import.meta.url);
  const { encoders } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly encoders: readonly ReferenceEncoder[];
  };
  return encoders.map((encoder) => [encoder.encoder, encoder]);
};

/** The library's names of all weights, in the order of the network. */
function libraryNames(
  { graph, encoderFiles }: LoadableNetwork,
  library: Library,
): readonly string[] {
  return graph.nodes.flatMap(({ op, name: node }) => {
    if (!holdsWeights(op)) return [];
    const name = encoderFiles!.names.get(node)?.[library] ?? 'none';
    const { conv, norm } = leaves[library];
    const own = 'bias' in op && op.bias ? conv : conv.slice(0, 1);
    return (op.kind === 'batch_norm' ? norm : own).map((leaf) => name + leaf);
  });
}

let folder: string;
beforeAll(async () => {
  await startEngine('wasm');
  folder = mkdtempSync(join(tmpdir(), 'unetc-encoders-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['torchvision', 'timm', 'keras'] as const)('as %s has it:', (library) => {
  describe.each(encodersOf(library))('%s', (_, reference) => {
    const { encoder, features, runs, weights, rest = [], count, last } = reference;
    const deepest = encoder.startsWith('vgg') ? 's16' : 's32';
    const network = encoderNetwork(encoder, Object.keys(runs?.[0]!.taps ?? { [deepest]: {} }));
    const { graph } = network;

    test('has as many parameters', () => {
      const sizes = graphWeights(graph).flatMap(({ shape, trainable }) =>
        trainable ? [shape.reduce((size, length) => size * length, 1)] : [],
      );
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(features);
    });

    test('is called the same, weight for weight', () => {
      const names = libraryNames(network, library);
      if (weights === undefined) {
        expect(names).toHaveLength(count!);
        expect(names.slice(-4)).toEqual(last);
      } else {
        expect([...names].sort()).toEqual(weights.map(([name]) => name).sort());
      }
    });

    if (weights === undefined || runs === undefined) return;

    test('gives the same values, with weights read by its names', async () => {
      const path = join(folder, 'weights.safetensors');
      const tensors = weights.map(([name, kind, shape, gain], position) => {
        return [name, { shape, values: weightValues(kind, shape, gain, position) }] as const;
      });
      const others = rest.map(([name, shape]) => [name, counted(shape)] as const);
      writeFileSync(path, writeSafetensors(Object.fromEntries([...tensors, ...others])));
      const { value, diagnostics } = await loadWeights(network, sourceOf(path));
      // A whole file has counters, which nobody needs, and a classifier, which is told.
      const counters = rest.filter(([name]) => name.endsWith('num_batches_tracked')).length;
      expect(value!.summary).toMatchObject({ taken: weights.length, counters });
      expect(diagnostics.map(({ code, notes }) => [code, ...notes])).toEqual(
        rest.length > counters ? [['UNET6204', expect.stringContaining('"classifier"')]] : [],
      );
      const store = weightsFromValues(graph, value!.values);

      for (const { size, taps } of runs) {
        const image = tf.tensor4d(referenceImage([1, 3, ...size]), [1, ...size, 3]);
        const functional = buildFunctionalNetwork(graph).forward(store, image).outputs;
        const predicted = predictByLayers(graph, store, image);
        for (const [index, [tap, expected]] of Object.entries(taps).entries()) {
          for (const output of [functional.get(`head_${tap}`)!, predicted[index]!]) {
            expectNear(output, tap, expected);
          }
        }
      }
      store.dispose();
    });
  });
});

function expectNear(output: tf.Tensor, tap: string, { shape, largest, samples }: ReferenceTap) {
  const [n, c, h, w] = shape;
  expect(output.shape).toEqual([n, h, w, c]);
  const values = output.dataSync();
  for (const [at, expected] of samples) {
    const gap = Math.abs(valueAt(values, shape, at) - expected) / largest;
    expect({ tap, at, gap, isNear: gap < 1e-4 }).toMatchObject({ isNear: true });
  }
}

/** What the layers model gives, output for output. */
function predictByLayers(
  graph: Graph,
  store: WeightStore,
  image: tf.Tensor4D,
): readonly tf.Tensor[] {
  const model = buildLayersModel(graph, 'zero');
  setModelWeights(model, graph, store);
  const outputs = [model.predict(image)].flat();
  model.dispose();
  return outputs;
}
