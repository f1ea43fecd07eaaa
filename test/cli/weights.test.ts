import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDemo } from '../../src/runtime/demo/generate-demo.js';
import { namedSpec, torchTensors, writeSafetensors } from '../runtime/pretrained/support.js';
import { callCli, type CliResult } from './run-cli.js';

let root: string;
let folder: string;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
const train = (spec: string, out: string, ...words: string[]): Promise<CliResult> =>
  call('train', spec, '--data', 'data', '--out', out, ...words);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'unetc-weights-'));
  folder = join(root, 'project');
  mkdirSync(folder);
  writeFileSync(at('package.json'), '{}');
  writeFileSync(at('tiny.safetensors'), writeSafetensors(torchTensors));
  writeFileSync(join(root, 'outside.safetensors'), writeSafetensors(torchTensors));
  const write = (name: string, fields: string): void =>
    writeFileSync(at(name), namedSpec(fields, 1));
  write('plain.unet', 'adapt_input: repeat');
  write('named.unet', 'adapt_input: sum, weights: "tiny.safetensors"');
  const scaled = namedSpec('adapt_input: sum', 1).replace(
    'encoder tiny() {',
    'encoder tiny() {\n  scaling torch: imagenet\n  scaling keras: unit',
  );
  writeFileSync(at('scaled.unet'), scaled);
  writeFileSync(at('agreed.unet'), scaled.replace('loss: bce', 'loss: bce, scaling: imagenet'));
  writeFileSync(at('no-recipe.unet'), scaled.replace(/^train .*$/m, ''));
  write('gone.unet', 'weights: "gone.safetensors"');
  write('outside.unet', 'weights: "../outside.safetensors"');
  write('linked.unet', 'weights: "link.safetensors"');
  symlinkSync(join(root, 'outside.safetensors'), at('link.safetensors'));
  write('linked-folder.unet', 'weights: "weights/outside.safetensors"');
  symlinkSync(root, at('weights'));
  await generateDemo(at('data'), { seed: 1, train: 2, val: 1, size: 16 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('train reads the file that the spec names, relative to the spec', async () => {
  const { code, stderr } = await train('named.unet', 'named');
  expect(stderr).toContain(
    "15 weights from tiny.safetensors (safetensors, torch's names, kernels on the image: sum of 3 channels for 1, 2 counters of batches set aside)",
  );
  expect(code).toBe(0);
});

test('--weights takes its place, and what goes on needs it no more', async () => {
  const started = await train('gone.unet', 'gone', '--weights', 'named');
  expect(started.stderr).toContain(
    "24 weights from named (TensorFlow.js layers model, the network's own names)",
  );
  expect(started.code).toBe(0);
  const resumed = await train('gone.unet', 'gone', '--resume', '--epochs', '2');
  expect(resumed.code).toBe(0);
  const predicted = await call('predict', 'gone', 'data/val/images', '--out', 'painted');
  expect(predicted.code).toBe(0);
});

describe('a scaling that the weights do not expect', () => {
  const fromTorch = (spec: string, out: string, ...words: string[]): Promise<CliResult> =>
    train(spec, out, '--weights', 'tiny.safetensors', '--epochs', '1', '--partial', ...words);

  test('is told of the family whose names the file has', async () => {
    const { code, stderr } = await fromTorch('scaled.unet', 'scaled');
    expect(stderr).toContain(
      'warning UNET6215: The weights of "tiny.safetensors" expect the scaling "imagenet" (torch); the recipe has "unit".',
    );
    expect(code).toBe(0);
  });

  test('is told of a model file as well, which says how images are to be scaled', async () => {
    const build = (spec: string): Promise<CliResult> =>
      call('build', spec, '--target', 'tfjs', '--out', 'built', '--weights', 'tiny.safetensors');
    const reported = await build('scaled.unet');
    expect(reported.stderr).toContain(
      'UNET6215: The weights of "tiny.safetensors" expect the scaling "imagenet" (torch); the recipe has "unit".',
    );
    expect(reported.code).toBe(0);
    expect((await build('agreed.unet')).stderr).not.toContain('UNET6215');
  });

  test('is told where the spec has no recipe', async () => {
    expect((await fromTorch('no-recipe.unet', 'no-recipe')).stderr).toContain('UNET6215');
  });

  test('is not told where it agrees, nor of weights of a run', async () => {
    expect((await fromTorch('agreed.unet', 'agreed')).stderr).not.toContain('UNET6215');
    const own = await train('scaled.unet', 'own', '--weights', 'agreed', '--epochs', '1');
    expect(own.stderr).toContain("the network's own names");
    expect(own.stderr).not.toContain('UNET6215');
  });
});

test('a model file has them, too', async () => {
  const words = ['build', 'named.unet', '--target', 'tfjs', '--out', 'model'];
  expect((await call(...words)).code).toBe(0);
  const { weightsManifest } = JSON.parse(readFileSync(at('model/model.json'), 'utf8')) as {
    weightsManifest: { weights: { name: string; shape: number[] }[] }[];
  };
  let offset = 0;
  for (const { name, shape } of weightsManifest[0]!.weights) {
    if (name === 's2/alpha') break;
    offset += shape.reduce((size, length) => size * length, 4);
  }
  const bytes = readFileSync(at('model/weights.bin'));
  expect(bytes.readFloatLE(offset)).toBe(torchTensors['act.weight']!.values[0]);
});

describe('mistakes end with 1 and leave nothing behind', () => {
  test.each([
    [
      'gone.unet',
      'gone.unet:26:27 - error UNET6200: The weights "gone.safetensors" cannot be read: there is no such file',
    ],
    ['outside.unet', 'UNET3034: The file of weights "../outside.safetensors" lies outside'],
    ['linked.unet', 'UNET3034: The file of weights "link.safetensors" lies outside'],
    ['linked.unet', 'note: A link on the way leads to '],
    [
      'linked-folder.unet',
      'UNET3034: The file of weights "weights/outside.safetensors" lies outside',
    ],
    ['linked-folder.unet', 'note: A link on the way leads to '],
  ])('%s', async (spec, reported) => {
    const { code, stderr } = await train(spec, 'never');
    expect(stderr).toContain(reported);
    expect(code).toBe(1);
    expect(() => readFileSync(at('never/run.json'))).toThrow();
  });

  test.each(['outside.unet', 'linked.unet'])('check tells it of %s, too', async (spec) => {
    const { code, stderr } = await call('check', spec);
    expect(stderr).toMatch(new RegExp(`^${spec}:\\d+:\\d+ - error UNET3034: `));
    expect(code).toBe(1);
  });
});

test('options that contradict each other end with 2', async () => {
  const lone = await train('plain.unet', 'never', '--partial');
  expect([lone.code, lone.stderr]).toEqual([2, expect.stringContaining('UNET7022')]);
  const both = await train('plain.unet', 'gone', '--resume', '--weights', 'tiny.safetensors');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('UNET7017')]);
  const module = await call('build', 'plain.unet', '--weights', 'tiny.safetensors');
  expect([module.code, module.stderr]).toEqual([2, expect.stringContaining('UNET7017')]);
});

test('--partial takes what there is and lists the rest', async () => {
  const { 'act.weight': _, ...rest } = torchTensors;
  writeFileSync(at('part.safetensors'), writeSafetensors(rest));
  const whole = await train('plain.unet', 'part', '--weights', 'part.safetensors');
  expect(whole.code).toBe(1);
  expect(whole.stderr).toContain('UNET6202');
  const part = await train('plain.unet', 'part', '--weights', 'part.safetensors', '--partial');
  expect(part.stderr).toContain('"s2/alpha" (8): looked for as');
  expect(part.code).toBe(0);
});
