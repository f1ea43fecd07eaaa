import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { writeArrayBuffer } from 'geotiff';
import { readImage } from '../../src/runtime/data/image-files.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { isOnnxInstalled } from '../../src/runtime/onnx/onnx-runtime.js';
import { openWorkshop, trained, type Workshop } from '../runtime/training/support.js';
import { openProgram } from './built-program.js';
import { callCli, type CliResult } from './run-cli.js';

let shop: Workshop;
const names = Array.from({ length: 12 }, (_, at) => `image-${String(at).padStart(2, '0')}`);
beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop(4, 2);
  await trained({ data: shop.data, out: join(shop.folder, 'run') });
  const folder = join(shop.folder, 'images');
  mkdirSync(folder);
  const sources = readdirSync(join(shop.data, 'train/images'));
  for (const [at, name] of names.entries()) {
    const source = join(shop.data, 'train/images', sources[at % sources.length]!);
    copyFileSync(source, join(folder, `${name}.png`));
  }
});
afterAll(() => shop.remove());

const predict = (...words: readonly string[]): Promise<CliResult> =>
  callCli(['predict', 'run', '--engine', 'wasm', ...words], { folder: shop.folder });

const painted = (folder: string): readonly string[] =>
  readdirSync(join(shop.folder, folder)).filter((name) => name.endsWith('.mask.png'));

test('images of a folder are told in their order, and are those that are painted one by one', async () => {
  const { stdout, code } = await predict('images', '--out', 'all');
  expect(code).toBe(0);
  const told = stdout.trim().split('\n');
  expect(told.map((line) => line.split(':')[0])).toEqual(
    names.map((name) => `all/${name}.mask.png`),
  );
  for (const name of names.slice(0, 2)) await predict(`images/${name}.png`, '--out', 'alone');
  for (const file of readdirSync(join(shop.folder, 'alone'))) {
    const [one, other] = ['alone', 'all'].map((at) => readFileSync(join(shop.folder, at, file)));
    expect(one!.equals(other!)).toBe(true);
  }
});

test('images of folders inside are painted into folders of the same names', async () => {
  const image = join(shop.folder, 'images', `${names[0]}.png`);
  for (const person of ['p1', 'p2']) {
    mkdirSync(join(shop.folder, 'people', person), { recursive: true });
    copyFileSync(image, join(shop.folder, 'people', person, 'slice.png'));
  }
  // What a call before has painted among them is no image of the next one.
  for (const out of ['people/painted', 'people/painted']) {
    const { code, stdout } = await predict('people', '--out', out);
    expect(code).toBe(0);
    const told = stdout.trim().split('\n');
    expect(told.map((line) => line.split(':')[0])).toEqual([
      'people/painted/p1/slice.mask.png',
      'people/painted/p2/slice.mask.png',
    ]);
  }
  expect(painted('people/painted/p2')).toEqual(['slice.mask.png']);
});

test('an image that cannot be read and one that cannot be written are told, the others painted', async () => {
  const images = join(shop.folder, 'some');
  mkdirSync(images);
  for (const name of names) {
    copyFileSync(join(shop.folder, 'images', `${name}.png`), join(images, `${name}.png`));
  }
  writeFileSync(join(images, 'image-03.png'), 'no image');
  // Files cannot take the names of folders.
  mkdirSync(join(shop.folder, 'out/image-07.overlay.png'), { recursive: true });
  const { stdout, stderr, code } = await predict('some', '--out', 'out');
  expect(code).toBe(1);
  expect(stderr).toContain('image-03.png');
  expect(stderr).toContain('image-07.overlay.png" cannot be written');
  const rest = names.filter((name) => !/-0[37]$/.test(name));
  expect(stdout.trim().split('\n')).toHaveLength(rest.length);
  expect(painted('out')).toEqual(rest.map((name) => `${name}.mask.png`));
  const left = readdirSync(join(shop.folder, 'out')).filter((name) => name.startsWith('.'));
  expect(left).toEqual([]);
});

test('--tta flips paints and measures the mean over mirror images, and says so', async () => {
  const image = `images/${names[0]}.png`;
  await predict(image, '--out', 'plain');
  expect((await predict(image, '--out', 'flips', '--tta', 'flips')).code).toBe(0);
  const file = `${names[0]}.probability.png`;
  const [plain, flips] = ['plain', 'flips'].map((at) => readFileSync(join(shop.folder, at, file)));
  expect(plain!.equals(flips!)).toBe(false);
  const measure = async (...words: readonly string[]): Promise<{ tta?: string; loss: number }> => {
    const call = ['eval', 'run', '--engine', 'wasm', '--data', 'data', '--json', ...words];
    return JSON.parse((await callCli(call, { folder: shop.folder })).stdout) as never;
  };
  const [usual, mean] = [await measure(), await measure('--tta', 'flips')];
  expect([usual.tta, mean.tta]).toEqual([undefined, 'flips']);
  expect(mean.loss).not.toBe(usual.loss);
});

test('--uncertainty paints how far mirror images disagree, and needs them', async () => {
  const image = `images/${names[0]}.png`;
  const alone = await predict(image, '--out', 'alone', '--uncertainty');
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('UNET7022')]);
  const call = ['--out', 'spread', '--tta', 'flips', '--uncertainty', '--json'];
  const { stdout, code } = await predict(image, ...call);
  expect(code).toBe(0);
  const [painted] = JSON.parse(stdout) as [{ readonly uncertainty: string }];
  expect(painted.uncertainty.endsWith(`${names[0]}.uncertainty.png`)).toBe(true);
  const { data } = (await readImage(painted.uncertainty)).value!;
  expect(Math.max(...data)).toBeGreaterThan(0);
});

test('--engine onnx loads nothing of TensorFlow.js; without its package it ends before it predicts', () => {
  const program = openProgram('predict-loads');
  const at = (name: string): string => join(shop.folder, name);
  const tensorflow = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'];
  const loaded = (...words: readonly string[]): readonly string[] => {
    const image = at(`images/${names[0]}.png`);
    const files = program.loaded(['predict', ...words, image, '--out', at('loads')]);
    expect(files).toContain('program.js');
    return files.filter((file) => tensorflow.includes(file));
  };
  const weights = [at('run/best/spec.unet'), '--weights', at('weights.safetensors')];
  const saved = program.run(['weights', at('run'), '--to', 'safetensors', '--out', weights[2]!]);
  expect(saved).toMatchObject({ code: 0 });
  expect(loaded(at('run'), '--engine', 'onnx')).toEqual([]);
  expect(loaded(...weights, '--engine', 'onnx')).toEqual([]);
  expect(loaded(at('run'), '--engine', 'wasm')).toEqual(tensorflow);
  program.remove();
});

const [inNode, withoutIt] = isOnnxInstalled() ? [test, test.skip] : [test.skip, test];

withoutIt('--engine onnx says what is missing, and paints nothing', async () => {
  const call = ['predict', 'run', 'images', '--out', 'onnx', '--engine', 'onnx'];
  const { stderr, code } = await callCli(call, { folder: shop.folder });
  expect(code).toBe(1);
  expect(stderr).toContain('needs the package onnxruntime-node; install it with: unetc');
  expect(existsSync(join(shop.folder, 'onnx'))).toBe(false);
});

inNode('--engine onnx paints and measures what the functional network does', async () => {
  // In processes of their own: native code knows no realms of tests.
  const program = openProgram('predict-onnx');
  const at = (name: string): string => join(shop.folder, name);
  const onnx = ['--engine', 'onnx', '--threads', '1'];
  const run = program.run(['predict', at('run'), at('images'), '--out', at('onnx'), ...onnx]);
  expect(run).toMatchObject({ code: 0, stderr: 'onnx: the processor, 1 thread\n' });
  await predict('images', '--out', 'functional');
  expect(painted('onnx')).toEqual(painted('functional'));
  for (const name of painted('onnx')) {
    const [one, other] = ['onnx', 'functional'].map((at) =>
      readFileSync(join(shop.folder, at, name)),
    );
    expect([name, one!.equals(other!)]).toEqual([name, true]);
  }
  const measure = (...words: readonly string[]): string =>
    program.run(['eval', at('run'), '--data', at('data'), ...words]).stdout;
  expect(measure(...onnx)).toBe(measure('--engine', 'wasm'));
  program.remove();
});

test('beside the pictures of a GeoTIFF is written where they lie, beside others nothing', async () => {
  const values = Uint8Array.from({ length: 32 * 32 }, (_, at) => (at * 7) % 256);
  const bytes = writeArrayBuffer(values, {
    ...{ width: 32, height: 32, ProjectedCSTypeGeoKey: 32_633 },
    ...{ ModelPixelScale: [10, 10, 0], ModelTiepoint: [0, 0, 0, 500_000, 4_200_000, 0] },
  });
  writeFileSync(join(shop.folder, 'field.tif'), Buffer.from(bytes as ArrayBuffer));
  const { code } = await predict('field.tif', `images/${names[0]}.png`, '--out', 'map');
  expect(code).toBe(0);
  const beside = readdirSync(join(shop.folder, 'map')).filter((name) => !name.endsWith('.png'));
  expect(beside.sort()).toEqual(
    ['mask', 'overlay', 'probability'].flatMap((kind) => [
      `field.${kind}.pgw`,
      `field.${kind}.png.aux.xml`,
    ]),
  );
  const world = readFileSync(join(shop.folder, 'map/field.mask.pgw'), 'utf8');
  expect(world).toBe('10\n0\n0\n-10\n500005\n4199995\n');
});
