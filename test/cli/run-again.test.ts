import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli, type CliResult } from './run-cli.js';

/** Runs that are made again, and go on, with nothing left but their folder and their data. */

let shop: Workshop;
const inputs: Readonly<Record<string, string>> = {
  'parts/two.unet': 'block two(width: int) = conv(width, 3) -> relu -> conv(width, 3)\n',
};
const spec = `import two from "parts/two"
import basic from "std/resnet"
${smallSpec
  .replace('stage: conv(width, 3) -> relu\n', 'stage: two(width) -> basic(width)\n')
  .replace('schedule: cosine(warmup: 1)', 'schedule: constant')}
model Other { input image: [H, W, 1]
  wires { a = image -> conv(2, 3) }
  head mask: a -> conv(1, 1) }
`;

beforeAll(async () => {
  shop = await openWorkshop(5, 2);
  writeInputs();
});
afterAll(() => shop.remove());

function writeInputs(): void {
  for (const [path, text] of Object.entries(inputs)) {
    mkdirSync(join(shop.folder, path, '..'), { recursive: true });
    writeFileSync(join(shop.folder, path), text);
  }
}

const train = (words: readonly string[], stdin = ''): Promise<CliResult> =>
  callCli(['train', ...words, '--data', 'data'], { folder: shop.folder, stdin });

/** The files of the checkpoints of a run. */
function filesOf(run: string, endings: readonly string[] = ['.json', '.bin', '.js']) {
  return ['best', 'last'].flatMap((name) =>
    readdirSync(join(shop.folder, run, name))
      .filter((file) => endings.some((ending) => file.endsWith(ending)))
      .sort()
      .map(
        (file) => [`${name}/${file}`, readFileSync(join(shop.folder, run, name, file))] as const,
      ),
  );
}

const asked = ['--model', 'Small', '--set', 'base=3', '--epochs', '2', '--seed', '7'];

test('a run of standard input is made again from its run.json, byte for byte', async () => {
  const words = ['-', ...asked, '--engine', 'wasm', '--batch', '3', '--out', 'first'];
  expect((await train(words, spec)).code).toBe(0);
  // Neither the spec nor what it imports is there any more, and the folder is another one.
  rmSync(join(shop.folder, 'parts'), { recursive: true });
  renameSync(join(shop.folder, 'first'), join(shop.folder, 'kept'));
  const again = await train(['kept/run.json', '--out', 'again']);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('that of the run')]);
  expect(filesOf('again').length).toBeGreaterThan(4);
  expect(filesOf('again')).toEqual(filesOf('kept'));
  for (const name of ['run.json', 'data.json', 'spec.unet']) {
    const [one, other] = ['kept', 'again'].map((run) => readFileSync(join(shop.folder, run, name)));
    expect([name, other!.equals(one!)]).toEqual([name, true]);
  }
  writeInputs();
});

test('options of the call replace what run.json says', async () => {
  expect(
    (await train(['kept/run.json', '--seed', '8', '--epochs', '1', '--out', 'other'])).code,
  ).toBe(0);
  const { settings } = JSON.parse(readFileSync(join(shop.folder, 'other/run.json'), 'utf8')) as {
    readonly settings: unknown;
  };
  expect(settings).toEqual({ epochs: 1, batch: 3, seed: 8 });
});

test('a run goes on from its own run.json, to the bytes of one that was not stopped', async () => {
  const words = ['-', ...asked, '--engine', 'wasm', '--out'];
  expect((await train([...words, 'whole'], spec)).code).toBe(0);
  expect((await train([...words, 'half', '--epochs', '1'], spec)).code).toBe(0);
  rmSync(join(shop.folder, 'parts'), { recursive: true });
  renameSync(join(shop.folder, 'half'), join(shop.folder, 'moved'));
  const resumed = ['moved/run.json', '--out', 'moved', '--resume', '--epochs', '2'];
  const { code, stderr } = await train(resumed);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(filesOf('moved', ['.bin'])).toEqual(filesOf('whole', ['.bin']));
  writeInputs();
});

test('weights that a run started from are taken again, unless the call names others', async () => {
  const start = ['kept/run.json', '--weights', 'kept/best/model.json', '--out', 'started'];
  expect((await train(start)).code).toBe(0);
  expect((await train(['started/run.json', '--out', 'started2'])).code).toBe(0);
  expect(filesOf('started2')).toEqual(filesOf('started'));
  expect(filesOf('started', ['.bin'])).not.toEqual(filesOf('kept', ['.bin']));
  renameSync(join(shop.folder, 'kept/best'), join(shop.folder, 'kept/gone'));
  const gone = await train(['started/run.json', '--out', 'started3']);
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('kept/best/model.json')]);
  renameSync(join(shop.folder, 'kept/gone'), join(shop.folder, 'kept/best'));
});

test.each([
  ['is damaged', (text: string) => text.replace('"seed": 7', '"seed": 9'), 'UNET6361'],
  ['is gone', () => undefined, 'UNET7'],
])('a run.json that %s is told', async (_, change, told) => {
  const path = join(shop.folder, 'kept/run.json');
  const whole = readFileSync(path, 'utf8');
  const changed = change(whole);
  if (changed === undefined) rmSync(path);
  else writeFileSync(path, changed);
  const { code, stderr } = await train(['kept/run.json', '--out', 'none']);
  expect([code, stderr]).toEqual([1, expect.stringContaining(told)]);
  writeFileSync(path, whole);
});
