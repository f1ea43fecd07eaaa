import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '../../src/runtime/tensorflow.js';
import { compileText, type CompiledModel } from '../../src/compile.js';
import { pytorchFile } from '../../src/runtime/exports/weights/pytorch.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import { loadWeights } from '../../src/runtime/pretrained/load-weights.js';
import { referenceImage, valueAt, weightValues, type WeightKind } from '../networks/reference.js';
import { sourceOf } from '../runtime/pretrained/support.js';

/** A network of a public repository; `test/oracles/README.md` says where the numbers come from. */
interface WholeModel {
  readonly name: string;
  readonly spec: string;
  readonly set: Readonly<Record<string, string>>;
  /** Name, kind, shape in PyTorch's order, amplitude. */
  readonly weights: readonly (readonly [string, WeightKind, readonly number[], number | null])[];
  readonly runs: readonly {
    readonly size: readonly [number, number];
    readonly shape: readonly [number, number, number, number];
    readonly largest: number;
    readonly samples: readonly (readonly [number, number])[];
  }[];
}

const { models } = JSON.parse(readFileSync('test/oracles/whole-models.json', 'utf8')) as {
  readonly models: readonly WholeModel[];
};

/** What messages call the names of each. */
const words: Readonly<Record<string, string>> = {
  milesial: "milesial's names",
  'milesial-bias': "milesial's names",
  'milesial-bilinear': "milesial's names",
  'smp-unet': "smp's names, its encoder by torchvision's",
  'smp-unet-efficientnet': "smp's names",
  'smp-unet-plus-plus': "smp's names, its encoder by torchvision's",
};

/** Tensors of a file that its own network never reads: segmentation_models keeps the end of the encoder. */
const unread: Readonly<Record<string, number>> = { 'smp-unet-efficientnet': 5 };
const spare = { code: 'UNET6204', message: expect.stringMatching(/^5 tensors of /) };

let folder: string;
beforeAll(async () => {
  await startEngine('wasm');
  folder = mkdtempSync(join(tmpdir(), 'unetc-whole-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function networkOf({ spec, set }: WholeModel): CompiledModel {
  const file = `${spec}.unet`;
  const compiled = compileText(file, readFileSync(file, 'utf8'), { set });
  expect(compiled.diagnostics).toEqual([]);
  return compiled.models[0]!;
}

/** A file as PyTorch saves it, its names behind a prefix. */
function writeFile({ weights }: WholeModel, prefix: string, without?: string): string {
  const tensors = weights.map(([name, kind, shape, gain], position) => ({
    name: prefix + name,
    shape,
    values: Float32Array.from(weightValues(kind, shape, gain, position)),
  }));
  const path = join(folder, 'weights.pth');
  writeFileSync(path, Buffer.concat(pytorchFile(tensors.filter(({ name }) => name !== without))));
  return path;
}

describe.each(models.map((model) => [model.name, model] as const))('%s', (name, model) => {
  test('loads into the spec that says the same network, and gives the same values', async () => {
    const network = networkOf(model);
    const { value, diagnostics } = await loadWeights(network, sourceOf(writeFile(model, '')));
    const { [name]: more = 0 } = unread;
    expect(diagnostics).toMatchObject(more === 0 ? [] : [spare]);
    const taken = model.weights.length - more;
    expect(value!.summary).toMatchObject({ names: words[name], taken });
    const store = weightsFromValues(network.graph, value!.values);
    for (const { size, shape, largest, samples } of model.runs) {
      const image = tf.tensor4d(referenceImage([1, 3, ...size]), [1, ...size, 3]);
      const output = buildFunctionalNetwork(network.graph)
        .forward(store, image)
        .outputs.get('mask')!;
      const [n, c, h, w] = shape;
      expect(output.shape).toEqual([n, h, w, c]);
      const values = output.dataSync();
      for (const [at, expected] of samples) {
        const gap = Math.abs(valueAt(values, shape, at) - expected) / largest;
        expect({ at, gap, isNear: gap < 1e-4 }).toMatchObject({ isNear: true });
      }
    }
    store.dispose();
  });

  test('also below a prefix; what is missing is told by its name', async () => {
    const network = networkOf(model);
    const whole = await loadWeights(network, sourceOf(writeFile(model, 'module.')));
    expect(whole.diagnostics).toMatchObject(name in unread ? [spare] : []);
    expect(whole.value!.summary.prefix).toBe('module.');
    const [lost] = model.weights.at(-1)!;
    const part = await loadWeights(network, sourceOf(writeFile(model, '', lost)));
    expect(part.value).toBeUndefined();
    expect(part.diagnostics[0]).toMatchObject({ code: 'UNET6202' });
    expect(part.diagnostics[0]!.notes.join()).toContain(`"${lost}"`);
  });
});

test('files of an encoder alone are read as before', async () => {
  const model = models.find(({ name }) => name === 'smp-unet')!;
  const network = networkOf(model);
  const encoder = model.weights
    .filter(([name]) => name.startsWith('encoder.'))
    .map(([name, ...rest]) => [name.slice('encoder.'.length), ...rest] as const);
  const path = writeFile({ ...model, weights: encoder }, '');
  const { value, diagnostics } = await loadWeights(network, sourceOf(path));
  expect(diagnostics).toEqual([]);
  expect(value!.summary).toMatchObject({ names: "torchvision's names", taken: encoder.length });
});
