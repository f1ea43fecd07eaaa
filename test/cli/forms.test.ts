import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { generateDemo } from '../../src/runtime/demo/generate-demo.js';
import { callCli, type CliResult } from './run-cli.js';

/** Forms of a network for use, `--inference` and `--prune`, and weights that go in and out of them. */

const spec = resolve('specs/nuclei-plus-plus.unet');
let folder: string;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-forms-'));
  await generateDemo(at('data'), { seed: 1, train: 4, val: 2, size: 32 });
  const out = await train('run', '--epochs', '1');
  expect(out.code).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const train = (out: string, ...words: string[]): Promise<CliResult> =>
  call('train', spec, '--data', 'data', '--out', out, '--set', 'base=2', '--batch', '2', ...words);

const build = (out: string, ...words: string[]): Promise<CliResult> =>
  call('build', spec, '--target', 'tfjs', '--set', 'base=2', '--out', out, ...words);

/** Trained parameters of two 3 x 3 convolutions, each with a bias and a normalisation. */
const blockOf = (channels: number, width: number): number =>
  9 * channels * width + 3 * width + 9 * width * width + 3 * width;

/** U-Net++ cut off after column `depth`: every node X(i, j) with i + j <= depth, and one head. */
function countOf(depth: number, base: number, channels: number): number {
  const width = (level: number): number => base * 2 ** level;
  let total = base + 1;
  for (let level = 0; level <= depth; level++) {
    total += blockOf(level === 0 ? channels : width(level - 1), width(level));
    for (let column = 1; level + column <= depth; column++) {
      total += blockOf(column * width(level) + width(level + 1), width(level));
    }
  }
  return total;
}

test.each([1, 2, 3, 4])('U-Net++ pruned to L%i has the parameters of its triangle', async (n) => {
  const whole = resolve('specs/unet-plus-plus.unet');
  const { stdout, code } = await call('summary', whole, '--prune', `${n}`);
  expect(code).toBe(0);
  expect(stdout).toContain(`${countOf(n, 64, 3).toLocaleString('en')} of them trained`);
});

test('a column that is not there ends with 2 and names those that are', async () => {
  const { code, stderr } = await call('summary', spec, '--prune', '5');
  expect([code, stderr]).toEqual([2, expect.stringContaining('its forms are 1, 2, 3, 4.')]);
});

interface ModelFile {
  readonly modelTopology: { readonly config: { readonly output_layers: readonly [string][] } };
  readonly weightsManifest: readonly [
    { readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[] },
  ];
}

/** The values of a model file, by name. */
function weightsIn(model: string): ReadonlyMap<string, Buffer> {
  const file = JSON.parse(readFileSync(at(`${model}/model.json`), 'utf8')) as ModelFile;
  const bytes = readFileSync(at(`${model}/weights.bin`));
  let offset = 0;
  return new Map(
    file.weightsManifest[0].weights.map(({ name, shape }) => {
      const from = offset;
      offset += shape.reduce((size, length) => size * length, 4);
      return [name, bytes.subarray(from, offset)];
    }),
  );
}

// This spec predicts the mean of its columns, which needs all of them.
test.each([
  ['inference', ['--inference'], 158],
  ['l2', ['--prune', '2'], 62],
])('the form "%s" takes a whole run\'s weights, bit for bit', async (out, words, count) => {
  expect((await build(out, ...words, '--weights', 'run')).code).toBe(0);
  expect((await build('whole', '--weights', 'run')).code).toBe(0);
  const form = weightsIn(out);
  const whole = weightsIn('whole');
  expect(form.size).toBe(count);
  for (const [name, values] of form) expect([name, values]).toEqual([name, whole.get(name)]);
});

test('what a form lacks starts anew only when that is asked for', async () => {
  expect((await build('small', '--prune', '2', '--weights', 'run')).code).toBe(0);
  const strict = await train('strict', '--weights', 'small', '--epochs', '1');
  expect(strict.code).toBe(1);
  expect(strict.stderr).toContain('e5/conv1/kernel');
  const partial = await train('partial', '--weights', 'small', '--partial', '--epochs', '1');
  expect(partial.stderr).toMatch(/\d+ weights from small .*/);
  expect(partial.code).toBe(0);
}, 120_000);
