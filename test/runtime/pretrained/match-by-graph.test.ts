import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { loadWeights } from '../../../src/runtime/pretrained/load-weights.js';
import { Random } from '../../../src/runtime/random.js';
import type { Graph } from '../../../src/ir/graph.js';
import { weightValues, type WeightKind } from '../../networks/reference.js';
import { networkOf, sourceOf, writeKeras, type KerasLayer } from './support.js';

interface StoredModel {
  readonly name: string;
  readonly config: object;
  readonly layers: readonly (readonly [
    layer: string,
    weights: readonly (readonly [path: string, WeightKind, number[], number | null])[],
  ])[];
  /** Of each output, in the order n, c, h, w. */
  readonly samples: readonly (readonly (readonly [at: number, value: number])[])[];
}

const { models, size } = JSON.parse(
  readFileSync(new URL('../../oracles/keras-graphs.json', import.meta.url), 'utf8'),
) as { readonly models: readonly StoredModel[]; readonly size: number };

/** The networks of the oracle, as they are written here. */
const specs: Readonly<Record<string, string>> = {
  side_by_side: `
    stem = image -> conv(4, 3)
    h = stem -> conv(4, 1) -> relu -> conv(4, 1)
    short = stem -> conv(4, 1)
    sum = [h, short] -> add`,
  many_blocks: `
    stem = image -> conv(4, 3, bias: false)
    a = stem -> unit
    b = a -> unit
    c = b -> unit
    sum = c -> unit -> conv(2, 1)`,
  unet: `
    e1 = image -> conv(4, 3) -> relu
    s = e1 -> max_pool(2) -> depthwise_conv(3, bias: false) -> conv(8, 1) -> relu6
    g = s -> global_avg_pool -> conv(2, 1) -> silu -> conv(8, 1) -> sigmoid
    u = [g, s] -> multiply -> conv_transpose(4, 2)
    sum = [e1, u] -> concat -> depthwise_conv(3) -> conv(1, 1)`,
  nested: `
    a = image -> conv(4, 1) -> sigmoid
    b = image -> conv(4, 1) -> relu
    sum = [a, b] -> add -> conv(4, 3) -> leaky_relu(0.1)`,
  alike: `
    a = image -> conv(4, 3)
    b = image -> conv(4, 3)
    sum = [a, b] -> add`,
};
const blocks = `
block unit() {
  h = in -> conv(4, 1, bias: false) -> norm -> relu -> conv(4, 1, bias: false) -> norm
  short = in -> conv(4, 1, bias: false) -> norm
  out = [h, short] -> add -> relu
}
block norm() = batch_norm(epsilon: 0.001)`;

const specOf = (wires: string, head = 'head mask: sum -> identity'): string =>
  `model M { input image: [H, W, 3]\n wires { ${wires} }\n ${head} }
   ${wires.includes('-> unit') ? blocks : ''}`;

let folder: string;
beforeAll(async () => {
  await startEngine('cpu');
  folder = mkdtempSync(join(tmpdir(), 'unetc-graphs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modelOf = (name: string): StoredModel => models.find((each) => each.name === name)!;

function layersOf({ layers }: StoredModel): readonly KerasLayer[] {
  let position = 0;
  return layers.map(([name, weights]) => ({
    name,
    weights: weights.map(([path, kind, shape, amplitude]) => {
      const values = weightValues(kind, shape, amplitude, position++);
      return { name: path, shape, values };
    }),
  }));
}

async function load(name: string, spec: string, { config = true, isPartial = false } = {}) {
  const model = modelOf(name);
  const path = join(folder, `${name}.h5`);
  await writeKeras(path, layersOf(model), config ? model.config : undefined);
  const network = networkOf(spec);
  return { graph: network.graph, ...(await loadWeights(network, sourceOf(path, { isPartial }))) };
}

/** What the network gives for the oracle's image, at the places of its samples. */
function samplesOf(
  graph: Graph,
  values: ReadonlyMap<string, Float32Array>,
  places: readonly number[],
): readonly number[] {
  const pixels = Float32Array.from({ length: size * size * 3 }, (_, at) => {
    const [channel, pixel] = [at % 3, Math.floor(at / 3)];
    return Math.sin(0.05 * (channel * size * size + pixel));
  });
  const image = tf.tensor4d(pixels, [1, size, size, 3]);
  const weights = initialiseWeights(graph, new Random(0), values);
  const { outputs } = buildFunctionalNetwork(graph).forward(weights, image);
  const found = tf.transpose(outputs.get('mask')!, [0, 3, 1, 2]).dataSync();
  return places.map((at) => found[at]!);
}

describe('layers without names of their own are found by the graph in the file', () => {
  test.each(Object.keys(specs))('%s gives what Keras gives', async (name) => {
    const { graph, value, diagnostics } = await load(name, specOf(specs[name]!));
    expect(diagnostics).toEqual([]);
    expect(value!.summary.names).toBe('the graph in the file');
    const [wanted] = modelOf(name).samples;
    const found = samplesOf(
      graph,
      value!.values,
      wanted!.map(([at]) => at),
    );
    found.forEach((each, at) => expect(each).toBeCloseTo(wanted![at]![1], 4));
  });
});

/** The tensors that a call of Keras 3 reads. */
function originsIn(value: unknown): readonly (readonly unknown[])[] {
  if (Array.isArray(value)) return value.flatMap(originsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { class_name: kind, config } = value as {
    readonly class_name?: string;
    readonly config?: { readonly keras_history: readonly unknown[] };
  };
  if (kind === '__keras_tensor__') return [config!.keras_history];
  return Object.values(value).flatMap(originsIn);
}

/** A model of Keras 3 as Keras 2 and TensorFlow.js describe it, models in models too. */
function asKeras2(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asKeras2);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (key !== 'inbound_nodes') return [key, asKeras2(each)];
      const calls = (each as readonly unknown[]).map((call) =>
        originsIn(call).map((origin) => [...origin, {}]),
      );
      return [key, calls];
    }),
  );
}

describe('the graph is read as Keras 2 writes it', () => {
  test.each(Object.keys(specs))('%s', async (name) => {
    const spec = specOf(specs[name]!);
    const model = modelOf(name);
    const path = join(folder, `${name}-2.h5`);
    const layers = layersOf(model).map(({ name: layer, weights }) => ({
      name: layer,
      weights: weights.map((weight) => ({ ...weight, name: `${weight.name}:0` })),
    }));
    const config = asKeras2(model.config) as object;
    expect(JSON.stringify(config)).not.toContain('keras_history');
    await writeKeras(path, layers, config);
    const found = await loadWeights(networkOf(spec), sourceOf(path));
    const expected = await load(name, spec);
    expect(found.value!.summary.names).toBe('the graph in the file');
    expect(found.value!.values).toEqual(expected.value!.values);
  });
});

test('the graph of a TensorFlow.js model is read, whatever was made first', async () => {
  const { layers } = tf;
  const image = tf.input({ shape: [size, size, 3] });
  const conv = (kernelSize: number) =>
    layers.conv2d({ filters: 4, kernelSize, padding: 'same', biasInitializer: 'randomNormal' });
  const [short, second, first, stem] = [conv(1), conv(1), conv(1), conv(3)];
  // The same network as "side_by_side", its layers counted from the other end.
  const start = stem.apply(image) as tf.SymbolicTensor;
  const projected = short.apply(start) as tf.SymbolicTensor;
  const branch = layers.reLU().apply(first.apply(start)) as tf.SymbolicTensor;
  const sum = layers.add().apply([second.apply(branch) as tf.SymbolicTensor, projected]);
  const model = tf.model({ inputs: image, outputs: sum as tf.SymbolicTensor });
  await model.save(
    tf.io.withSaveHandler(({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      const text = JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest });
      writeFileSync(join(folder, 'model.json'), text);
      writeFileSync(join(folder, 'weights.bin'), Buffer.from(weightData as ArrayBuffer));
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const },
      });
    }),
  );
  const network = networkOf(specOf(specs['side_by_side']!));
  const source = sourceOf(join(folder, 'model.json'));
  const { value, diagnostics } = await loadWeights(network, source);
  expect(diagnostics).toEqual([]);
  expect(value!.summary.names).toBe('the graph in the file');
  for (const [name, layer] of Object.entries({
    'stem/kernel': stem,
    'h/conv1/kernel': first,
    'h/kernel': second,
    'short/kernel': short,
  })) {
    expect([...value!.values.get(name)!]).toEqual([...layer.getWeights()[0]!.dataSync()]);
  }
  model.dispose();
});

describe('what the graph does not tell is refused', () => {
  const twoHeads = `model M { input image: [H, W, 3]
    wires { a = image -> conv(4, 3)
      b = image -> conv(4, 3) }
    head one: a -> identity
    head two: b -> identity }`;

  test('branches that are alike, each with its own output', async () => {
    const { value, diagnostics } = await load('unclear', twoHeads);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6208']);
    expect(diagnostics[0]!.notes[0]).toMatch(
      /^"a\/kernel" .* may be of "conv2d_23" or "conv2d_24"\.$/,
    );
  });

  test('and is not taken with "--partial" either, but listed', async () => {
    const { value, diagnostics } = await load('unclear', twoHeads, { isPartial: true });
    expect(value?.values.size ?? 0).toBe(0);
    expect(diagnostics.map(({ code }) => code)).toContain('UNET6205');
  });

  test('another order of what is joined is another network', async () => {
    const spec = specOf(specs['unet']!.replace('[e1, u] -> concat', '[u, e1] -> concat'));
    const { value, diagnostics } = await load('unet', spec);
    expect(value).toBeUndefined();
    expect(diagnostics[0]!.code).toBe('UNET6202');
    expect(diagnostics[0]!.notes.join()).toContain('"sum/depthwise_conv1/kernel"');
  });
});

describe('without the graph', () => {
  test('layers side by side are refused, with both names', async () => {
    const { value, diagnostics } = await load('side_by_side', specOf(specs['side_by_side']!), {
      config: false,
    });
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6208']);
    expect(diagnostics[0]!.notes).toContain(
      '"h/conv1/kernel" (1 x 1 x 4 x 4) may be of "conv2d_2" or "conv2d" or "conv2d_1".',
    );
    expect(diagnostics[0]!.help[0]).toContain('model.save("model.h5")');
  });
});
