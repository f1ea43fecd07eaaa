import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWeights } from '../../src/runtime/pretrained/load-weights.js';
import { networkOf, sourceOf } from '../runtime/pretrained/support.js';
import { everyWeight, hexOf, unusualFile, unusualValues } from './every-weight.js';
import { callCli, type CliResult } from './run-cli.js';

const formats = {
  safetensors: '.safetensors',
  pytorch: '.pt',
  keras: '.h5',
  tfjs: '.tfjs',
  onnx: '.onnx',
} as const;
const names = Object.keys(formats) as (keyof typeof formats)[];

const spec = everyWeight;
const network = networkOf(spec);
const values = unusualValues(network.graph);

let folder: string;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-formats-'));
  writeFileSync(at('package.json'), '{}');
  writeFileSync(at('every.unet'), spec);
  writeFileSync(at('start.safetensors'), unusualFile(network.graph));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bits of all weights in a file. */
async function bitsOf(file: string): Promise<Readonly<Record<string, string>>> {
  const { value, diagnostics } = await loadWeights(network, sourceOf(at(file)));
  expect(diagnostics).toEqual([]);
  return hexOf(value!.values);
}

test('Keras 3 has its own format, of the ending .weights.h5; no bit changes', async () => {
  const words = ['weights', 'start.safetensors', '--spec', 'every.unet', '--to', 'keras'];
  const { code, stderr } = await call(...words, '-o', 'numbered.weights.h5');
  expect(stderr).toContain('read by: model.load_weights("numbered.weights.h5")\n');
  expect(code).toBe(0);
  expect(await bitsOf('numbered.weights.h5')).toEqual(hexOf(values));
});

/** The bytes of a file, or of all files of a folder by their names. */
function bytesOf(file: string): Readonly<Record<string, Buffer>> {
  const names = statSync(at(file)).isDirectory() ? readdirSync(at(file)).sort() : [''];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(at(file), name))]));
}

test.each<[keyof typeof formats, string]>([
  ...names.map((name): [keyof typeof formats, string] => [name, formats[name]]),
  ['keras', '.weights.h5'],
])('equal weights are equal bytes at any time: %s, %s', async (format, ending) => {
  const words = ['weights', 'start.safetensors', '--spec', 'every.unet', '--to', format];
  const first = `now${ending}`;
  const second = `later${ending}`;
  expect(await call(...words, '-o', first)).toMatchObject({ code: 0 });
  const later = Date.now() + 1e9;
  // Dates alone are others: what waits goes on.
  jest.useFakeTimers({
    now: later,
    doNotFake: [
      ...(['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] as const),
      ...(['clearTimeout', 'clearInterval', 'clearImmediate'] as const),
      ...(['hrtime', 'performance'] as const),
    ],
  });
  try {
    expect(await call(...words, '-o', second)).toMatchObject({ code: 0 });
    expect([Date.now(), new Date().getTime()]).toEqual([later, later]);
  } finally {
    jest.useRealTimers();
  }
  const written = bytesOf(second);
  expect(Object.values(written).every(({ length }) => length > 0)).toBe(true);
  expect(written).toEqual(bytesOf(first));
});

describe.each(names)('from %s', (from) => {
  const first = `first-${from}${formats[from]}`;
  beforeAll(async () => {
    const made = await call(
      ...['weights', 'start.safetensors', '--spec', 'every.unet', '--to', from, '-o', first],
    );
    expect(made).toMatchObject({ code: 0 });
  });

  test.each(names)('to %s, no bit changes', async (to) => {
    const second = `second-${from}-${to}${formats[to]}`;
    const { code, stderr } = await call(
      ...['weights', first, '--spec', 'every.unet', '--to', to, '-o', second],
    );
    expect(stderr).toContain(`wrote ${second}`);
    expect(code).toBe(0);
    expect(await bitsOf(second)).toEqual(hexOf(values));
  });
});

describe('what cannot be done is told, and changes nothing', () => {
  const convert = (source: string, ...words: string[]): Promise<CliResult> =>
    call('weights', source, '--to', 'safetensors', ...words);
  const content = (): Buffer => readFileSync(at('start.safetensors'));
  const withSpec = ['--spec', 'every.unet'];

  test.each<[string, readonly string[], number, string]>([
    ['no format', ['start.safetensors'], 2, '--to safetensors|pytorch|keras|tfjs|onnx'],
    ['an unknown format', ['start.safetensors', '--to', 'pickle'], 2, '"safetensors" or'],
    ['a file without a spec', ['start.safetensors', '--to', 'onnx'], 1, 'UNET6220'],
    ['nothing', ['gone.pt', '--to', 'onnx', ...withSpec], 1, 'there is no such file'],
    ['set without a spec', ['x', '--to', 'onnx', '--set', 'a=1'], 2, '--set'],
    ['partial without a spec', ['x', '--to', 'onnx', '--partial'], 2, '--partial'],
    [
      'a checkpoint of a spec',
      ['x', '--to', 'onnx', ...withSpec, '--checkpoint', 'last'],
      2,
      '--checkpoint',
    ],
    ['a whole model', ['x', '--to', 'keras', ...withSpec, '-o', 'x.keras'], 1, 'UNET6222'],
    ['no spec there', ['start.safetensors', '--to', 'onnx', '--spec', 'gone.unet'], 1, 'gone.unet'],
  ])('%s', async (_, words, code, message) => {
    const result = await call('weights', ...words);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(code);
  });

  test('an output that is the input', async () => {
    const before = content();
    const { code, stderr } = await convert('start.safetensors', ...withSpec);
    expect(stderr).toContain('it is an input of this command');
    expect(code).toBe(1);
    expect(content()).toEqual(before);
  });

  test('an output that is there, unless it is the same', async () => {
    writeFileSync(at('taken.safetensors'), 'my notes');
    const refused = await convert('start.safetensors', ...withSpec, '-o', 'taken.safetensors');
    expect(refused.stderr).toContain('it is there already');
    expect(refused.code).toBe(1);
    expect(readFileSync(at('taken.safetensors'), 'utf8')).toBe('my notes');
    const words = [...withSpec, '-o', 'again.safetensors'];
    expect((await convert('start.safetensors', ...words)).code).toBe(0);
    const again = await convert('start.safetensors', ...words);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain('unchanged again.safetensors');
  });

  test('a network that needs other weights', async () => {
    writeFileSync(at('wider.unet'), spec.replace('conv(2, 1)', 'conv(3, 1)'));
    const wider = await convert('start.safetensors', '--spec', 'wider.unet', '-o', 'wider.st');
    expect(wider.stderr).toContain('"mask.weight" (2 x 7 x 1 x 1) is for "mask/kernel"');
    expect(wider.code).toBe(1);
    writeFileSync(at('more.unet'), spec.replace('f -> conv', 'f -> conv(7, 1) -> conv'));
    const more = await convert('start.safetensors', '--spec', 'more.unet', '-o', 'more.st');
    expect(more.stderr).toContain('UNET6202');
    expect(existsSync(at('more.st'))).toBe(false);
  });
});
