import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '../../src/runtime/tensorflow.js';
import { emitKeras } from '../../src/codegen/keras/emit.js';
import { compileText } from '../../src/compile.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { torchTensors } from '../../src/runtime/exports/weights/named-tensor.js';
import { safetensorsFile } from '../../src/runtime/exports/weights/safetensors.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { loadWeights } from '../../src/runtime/pretrained/load-weights.js';
import { root } from '../codegen/cases.js';
import { variedWeights } from '../networks/forms.js';
import { findPython } from '../python/find-python.js';
import { findBackends } from '../python/keras-models.js';
import { normalValues, relativeError } from '../runtime/numeric.js';
import { sourceOf } from '../runtime/pretrained/support.js';
import { everyWeight, hexOf, unusualValues } from './every-weight.js';
import { callCli, type CliResult } from './run-cli.js';

/**
 * Files of weights between us and Keras, both ways. Skipped, and said to be, where no Python
 * has Keras: `npm run python-env` makes one.
 */
const python = findPython();
const [backend] = findBackends(python);
const live = backend === undefined ? describe.skip : describe;

/** Heads in another order than Keras', layers before and behind others, and random dropout. */
const heads = `model Heads {
  input image: [H, W, 2]
  wires {
    a = image -> conv(4, 3, stride: 2, padding: 1) -> dropout(0.2) -> prelu -> resize_to(image)
    b = image -> conv(4, 3, stride: 2, dilation: 2) -> resize_to(image) -> conv(4, 3)
    c = [a, b, a] -> subtract -> conv(4, 3) -> batch_norm
  }
  head zone: [c, a] -> concat -> conv(3, 1) -> softmax
  head edge: a -> conv(1, 3) -> conv(1, 3)
}`;

const specOf = (name: string): string => readFileSync(join(root, `specs/${name}.unet`), 'utf8');
const networks = {
  every: { text: everyWeight, set: {}, size: [9, 14] },
  mobile: { text: specOf('mobile-unet'), set: { base: '4', alpha: '0.25' }, size: [32, 64] },
  residual: { text: specOf('residual-unet'), set: { base: '4' }, size: [32, 48] },
  heads: { text: heads, set: {}, size: [12, 9] },
} as const;
const names = Object.keys(networks) as (keyof typeof networks)[];

const modelOf = (name: keyof typeof networks) => {
  const { text, set } = networks[name];
  return compileText(`${name}.unet`, text, { set }).models[0]!;
};

let folder: string;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });

/** What a network with some values is given to Keras as. */
interface Given {
  readonly name: string;
  readonly build: string;
  readonly outputs: readonly string[];
  readonly shape?: readonly number[];
}

/** Writes the model and its weights by the program, from a file of these values. */
async function give(
  of: keyof typeof networks,
  name: string,
  values: ReadonlyMap<string, Float32Array>,
): Promise<Given> {
  const { text, set } = networks[of];
  const model = modelOf(of);
  writeFileSync(at(`${name}.unet`), text);
  const start = safetensorsFile(torchTensors(model.graph, values), {});
  writeFileSync(at(`${name}-start.safetensors`), Buffer.concat(start));
  const given = Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const built = await call('build', `${name}.unet`, '--target', 'keras', ...given);
  expect(built).toMatchObject({ code: 0 });
  const from = ['weights', `${name}-start.safetensors`, '--spec', `${name}.unet`, ...given];
  const written = await call(...from, '--to', 'keras', '-o', `${name}.h5`);
  expect(written.stderr).toContain(`read by: model.load_weights("${name}.h5", by_name=True)`);
  const numbered = await call(...from, '--to', 'keras', '-o', `${name}.weights.h5`);
  expect(numbered.stderr).toContain(`read by: model.load_weights("${name}.weights.h5")\n`);
  const [build] = emitKeras([model], { file: `${name}.unet` }).value!.builds;
  return { name, build: build!, outputs: model.graph.outputs.map((output) => output.name) };
}

live('with Keras', () => {
  const kept = new Map<string, ReadonlyMap<string, Float32Array>>();
  const expected = new Map<string, Float32Array>();

  beforeAll(async () => {
    await startEngine('wasm');
    folder = mkdtempSync(join(tmpdir(), 'unetc-keras-'));
    writeFileSync(at('package.json'), '{}');
    const cases: Given[] = [];
    for (const name of names) {
      const { graph } = modelOf(name);
      const { channels } = graph.nodes[graph.inputs[0]!.node]!;
      const shape: [number, number, number, number] = [2, ...networks[name].size, channels];
      const weights = variedWeights(graph);
      const pixels = normalValues(shape, 7);
      const image = tf.tensor4d(pixels, shape);
      const { outputs } = buildFunctionalNetwork(graph).forward(weights, image);
      const parts = graph.outputs.map((each) => outputs.get(each.name)!.dataSync<'float32'>());
      expected.set(name, Float32Array.from(parts.flatMap((part) => [...part])));
      writeFileSync(at(`${name}.bin`), pixels);
      const values = await weights.values();
      kept.set(name, values);
      cases.push({ ...(await give(name, name, values)), shape });
      tf.dispose([image, ...outputs.values()]);
      weights.dispose();
    }
    const odd = unusualValues(modelOf('every').graph);
    kept.set('odd', odd);
    cases.push(await give('every', 'odd', odd));
    writeFileSync(at('cases.json'), JSON.stringify(cases));
    const script = join(root, 'test/python/exchange_keras.py');
    const { status, stderr } = spawnSync(python!, ['-B', script, folder], {
      encoding: 'utf8',
      env: { ...process.env, KERAS_BACKEND: backend, KERAS_HOME: folder, CUDA_VISIBLE_DEVICES: '' },
    });
    if (status !== 0) throw new Error(stderr);
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(names)('the model of %s gives what ours gives', (name) => {
    const { buffer } = new Uint8Array(readFileSync(at(`${name}.out.bin`)));
    expect(relativeError(new Float32Array(buffer), expected.get(name)!)).toBeLessThan(1e-5);
  });

  describe.each([...names, 'odd'] as const)('what it saves of %s', (name) => {
    const network = modelOf(name === 'odd' ? 'every' : name);

    test.each([
      ['-saved.keras', 'of weights by names'],
      ['-saved.weights.h5', 'of weights by names'],
      ['-numbered.keras', 'of weights by numbers'],
    ])('as %s, %s, is read, bit for bit', async (ending) => {
      const file = sourceOf(at(`${name}${ending}`));
      const { value, diagnostics } = await loadWeights(network, file);
      expect(diagnostics).toEqual([]);
      expect(hexOf(value!.values)).toEqual(hexOf(kept.get(name)!));
    });
  });

  test.each(['keras', 'weights.h5'])('"build" takes .%s for another target', async (ending) => {
    const start = ['--weights', `every-saved.${ending}`];
    const out = `${ending}.onnx`;
    const built = await call('build', 'every.unet', '--target', 'onnx', ...start, '--out', out);
    expect(built).toMatchObject({ code: 0 });
    const { value } = await loadWeights(modelOf('every'), sourceOf(at(out)));
    expect(hexOf(value!.values)).toEqual(hexOf(kept.get('every')!));
  });
});
