import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startingWeights } from '../../../src/cli/commands/build/starting-weights.js';
import { writeOnnx } from '../../../src/cli/commands/build/write-onnx.js';
import { compileText } from '../../../src/compile.js';
import { InputFiles } from '../../../src/files/index.js';
import { callCli, createContext } from '../../cli/run-cli.js';
import { goodSpec } from '../../cli/sample-specs.js';
import { faultsOf, readOnnx } from './read-onnx.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-onnx-'));
  write('net.unet', goodSpec);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name));
const files = () => readdirSync(folder).sort();
const build = (...words: readonly string[]) =>
  callCli(['build', 'net.unet', '--target', 'onnx', ...words], { folder });

describe('where a model goes', () => {
  test('beside its spec, written when its bytes change', async () => {
    expect(await build()).toEqual({ stdout: '', stderr: 'wrote net.onnx\n', code: 0 });
    expect(files()).toEqual(['net.onnx', 'net.unet']);
    expect(faultsOf(readOnnx(read('net.onnx')))).toEqual([]);
    const { mtimeMs } = statSync(join(folder, 'net.onnx'));
    expect((await build()).stderr).toBe('unchanged net.onnx\n');
    expect(statSync(join(folder, 'net.onnx')).mtimeMs).toBe(mtimeMs);
    expect((await build('--set', 'classes=3')).stderr).toBe('wrote net.onnx\n');
  });

  test('of several models each to a file of its own', async () => {
    write(
      'net.unet',
      `${goodSpec}\n${goodSpec.slice(goodSpec.indexOf('model')).replace('Small', 'Other')}`,
    );
    const { stderr } = await build('--out', 'made.onnx');
    expect(stderr).toBe('wrote made-Small.onnx\nwrote made-Other.onnx\n');
  });

  test('never over what somebody else wrote', async () => {
    write('net.onnx', 'mine');
    const { stderr, code } = await build();
    expect(stderr).toContain('"net.onnx" cannot be written: it is there already');
    expect([read('net.onnx').toString(), code]).toEqual(['mine', 1]);
    rmSync(join(folder, 'net.onnx'));
    write('net.onnx.data', 'mine');
    const apart = await build('--external-weights');
    expect(apart.stderr).toContain('"net.onnx.data" cannot be written: it is there already');
    expect(files()).toEqual(['net.onnx.data', 'net.unet']);
  });
});

test('--check tells a file that is missing or stale, and writes none', async () => {
  const missing = await build('--check');
  expect(missing).toMatchObject({ code: 1 });
  expect(missing.stderr).toMatch(/^missing net\.onnx/);
  expect(files()).toEqual(['net.unet']);
  await build();
  expect(await build('--check')).toMatchObject({ code: 0, stderr: '1 model is fresh\n' });
  const stale = await build('--check', '--set', 'classes=3');
  expect(stale).toMatchObject({ code: 1 });
  expect(stale.stderr).toMatch(/^stale net\.onnx/);
});

test('weights in a file of their own are those of a whole file', async () => {
  await build('--out', 'whole.onnx');
  expect((await build('--out', 'apart.onnx', '--external-weights')).stderr).toBe(
    'wrote apart.onnx, and its weights apart.onnx.data\n',
  );
  const [whole, apart] = [readOnnx(read('whole.onnx')), readOnnx(read('apart.onnx'))];
  expect(faultsOf(apart)).toEqual([]);
  expect(apart.nodes).toEqual(whole.nodes);
  const data = read('apart.onnx.data');
  let [used, count] = [0, 0];
  for (const [name, { bytes, external }] of apart.constants) {
    const { location, offset = '0', length = '0' } = external;
    if (location !== undefined) {
      count += 1;
      used += Number(length);
      expect(location).toBe('apart.onnx.data');
    }
    const own = location === undefined ? bytes : data.subarray(+offset, +offset + +length);
    expect(Buffer.compare(own, whole.constants.get(name)!.bytes)).toBe(0);
  }
  expect(count).toBeGreaterThan(3);
  expect(used).toBe(data.length);
  expect((await build('--out', 'apart.onnx', '--external-weights')).stderr).toBe(
    'unchanged apart.onnx\n',
  );
  const joined = await build('--out', 'apart.onnx');
  expect(joined.stderr).toBe(
    'wrote apart.onnx\napart.onnx.data is no part of it; delete it if nothing needs it.\n',
  );
  expect(read('apart.onnx.data').length).toBe(data.length);
});

test('weights of a file are taken, and what that says of classes', async () => {
  const seeded = (seed: number) => `${goodSpec}\ntrain Small {\n  seed: ${seed}\n}\n`;
  write('net.unet', seeded(2));
  await callCli(['build', 'net.unet', '--target', 'tfjs', '--out', 'made'], { folder });
  await build('--out', 'expected.onnx');
  write('net.unet', seeded(1));
  await build('--out', 'fresh.onnx');
  const loaded = await build('--out', 'loaded.onnx', '--weights', 'made');
  expect(loaded.code).toBe(0);
  expect(loaded.stderr).toMatch(/weights from made .*\n.*wrote loaded\.onnx\n$/s);
  expect(Buffer.compare(read('loaded.onnx'), read('expected.onnx'))).toBe(0);
  expect(Buffer.compare(read('loaded.onnx'), read('fresh.onnx'))).not.toBe(0);
});

test.each([
  [['--stdout'], '"--target onnx" and "--stdout" exclude each other'],
  [['--partial'], '"--partial" needs "--weights"'],
  [['--target', 'tfjs', '--fold-norms'], '"--target tfjs" and "--fold-norms" exclude each other'],
  [['--target', 'ts', '--external-weights'], '"--target ts" and "--external-weights" exclude'],
])('%j is wrong usage', async (words, told) => {
  const { stderr, code } = await build(...words);
  expect(stderr).toContain(told);
  expect([code, files()]).toEqual([2, ['net.unet']]);
});

test('the metadata say scaling, sizes, classes and how far pixels see', async () => {
  write(
    'net.unet',
    `model Seen {
  input image: [H, W, 1]
  wires {
    a = image -> conv(4, [5, 3]) -> conv(4, 3) -> max_pool(2)
    b = [image, a -> nearest(2)] -> concat -> conv(4, 1)
    c = [b, b -> global_avg_pool -> sigmoid] -> multiply
  }
  head mask: b -> conv(2, 1) -> softmax
  head whole: c -> conv(2, 1) -> softmax
}

train Seen {
  loss: cross_entropy
  scaling: standard
  classes: ["rest", "cell"]
}
`,
  );
  expect(await build()).toEqual({ stdout: '', stderr: 'wrote net.onnx\n', code: 0 });
  const facts: unknown = JSON.parse(readOnnx(read('net.onnx')).metadata['unetc.network']!);
  const seen = (pixels: number) => ({ step: 1, before: pixels + 1, after: pixels + 1 });
  expect(facts).toMatchObject({
    model: 'Seen',
    input: { channels: 1, height: { modulus: 2, legal: [{ remainder: 0, from: 2 }] } },
    scaling: { name: 'standard' },
    classes: ['rest', 'cell'],
    halo: { mask: { height: seen(3), width: seen(2) }, whole: { height: null, width: null } },
  });
});

describe('a model of more bytes than one file may have', () => {
  const writeWithin = async (limit: number, check = false) => {
    const { models } = compileText('net.unet', goodSpec);
    const { context, told } = createContext({ folder });
    const weigh = startingWeights(models[0]!, undefined, context);
    const wishes = { check, isApart: false, foldsNorms: false };
    const inputs = new InputFiles();
    const made = await writeOnnx('net.onnx', weigh, wishes, inputs, context, limit);
    return { ...made, stderr: told().stderr };
  };

  test('has its weights beside it, and a check compares both files', async () => {
    await writeWithin(Infinity);
    const whole = read('net.onnx');
    expect(files()).toEqual(['net.onnx', 'net.unet']);
    expect((await writeWithin(whole.length)).stderr).toBe('unchanged net.onnx\n');
    const limit = whole.length - 1;
    expect(await writeWithin(limit, true)).toMatchObject({ isFresh: false });
    const { stderr } = await writeWithin(limit);
    expect(stderr).toBe('wrote net.onnx, and its weights net.onnx.data\n');
    expect(faultsOf(readOnnx(read('net.onnx')))).toEqual([]);
    expect(await writeWithin(limit, true)).toEqual({ diagnostics: [], isFresh: true, stderr: '' });
    expect((await writeWithin(limit)).stderr).toBe('unchanged net.onnx\n');

    const data = read('net.onnx.data');
    data[data.length - 1]! ^= 1;
    writeFileSync(join(folder, 'net.onnx.data'), data);
    expect((await writeWithin(limit, true)).stderr).toMatch(/^stale net\.onnx/);
    rmSync(join(folder, 'net.onnx.data'));
    expect((await writeWithin(limit, true)).stderr).toMatch(/^missing net\.onnx/);
    expect(files()).toEqual(['net.onnx', 'net.unet']);
  });
});
