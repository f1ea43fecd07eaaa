import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Interruption } from '../../src/cli/context.js';
import { runCli } from '../../src/cli/run.js';
import type { SweepFile } from '../../src/runtime/sweeps/sweep-file.js';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli, createContext, type CliResult } from './run-cli.js';

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const sweepWords = (out: string, ...words: readonly string[]): readonly string[] => [
  ...['sweep', 'small.unet', '--data', 'data', '--out', out, '--engine', 'wasm'],
  ...['--epochs', '1', ...words],
];
const sweep = (out: string, ...words: readonly string[]): Promise<CliResult> =>
  callCli(sweepWords(out, ...words), { folder: shop.folder });
const stored = (out: string): SweepFile =>
  JSON.parse(readFileSync(at(`${out}/sweep.json`), 'utf8')) as SweepFile;
const states = (out: string): Readonly<Record<string, string>> =>
  Object.fromEntries(stored(out).members.map(({ name, state }) => [name, state]));

const spec = smallSpec
  .replace('train Small {', 'train Small(lr: float above 0 = 0.01, size: int = 24) {')
  .replace('lr: 0.01)', 'lr: lr)')
  .replace('crop(24)', 'crop(size)');

beforeAll(async () => {
  shop = await openWorkshop(4, 2);
  writeFileSync(at('small.unet'), spec);
  writeFileSync(at('folds.unet'), spec.replace('loss:', 'split: folds(3)\n  loss:'));
  for (const kind of ['images', 'masks']) {
    mkdirSync(at(`flat/${kind}`), { recursive: true });
    for (const part of ['train', 'val']) {
      for (const name of readdirSync(at(`data/${part}/${kind}`))) {
        cpSync(at(`data/${part}/${kind}/${name}`), at(`flat/${kind}/${part}-${name}`));
      }
    }
  }
});
afterAll(() => shop.remove());

test('a plan is listed without a training', async () => {
  const { code, stdout } = await sweep(
    'plan',
    '--set',
    'base=2,4',
    '--set',
    'lr=0.01',
    '--dry-run',
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^base +lr +epochs +batch +multiply-adds of a step +run\n/);
  expect(stdout.match(/base=\d_lr=0.01/g)).toEqual(['base=2_lr=0.01', 'base=4_lr=0.01']);
  expect(existsSync(at('plan'))).toBe(false);
});

test('members are trained, compared and kept when the sweep grows', async () => {
  const first = await sweep('grown', '--set', 'base=2,4', '--set', 'lr=0.01,0.02');
  expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('member 4 of 4: base=4')]);
  const { members, metric, better } = stored('grown');
  expect([metric, better, members.length]).toEqual(['dice', 'higher', 4]);
  const values = members.map(({ best }) => best!.value!);
  expect(values).toEqual([...values].sort((one, other) => other - one));
  const [, ...rows] = first.stdout.trim().split('\n');
  expect(rows.map((row) => row.split(/ +/).at(-1))).toEqual(members.map(({ name }) => name));
  expect(members[0]).toMatchObject({ state: 'complete', epochs: 1, planned: 1 });
  const page = readFileSync(at('grown/comparison.html'), 'utf8');
  for (const { name } of members) expect(page).toContain(name);

  const weights = at('grown/base=2_lr=0.01/last/model.json');
  const { mtimeMs } = statSync(weights);
  const more = await sweep('grown', '--set', 'base=2,8', '--set', 'lr=0.01', '--resume', '--json');
  expect([more.code, more.stderr]).toEqual([
    0,
    expect.stringContaining('base=2_lr=0.01 is complete'),
  ]);
  expect(statSync(weights).mtimeMs).toBe(mtimeMs);
  expect(JSON.parse(more.stdout)).toEqual(stored('grown'));
  expect(Object.keys(states('grown')).sort()).toEqual([
    ...['base=2_lr=0.01', 'base=2_lr=0.02', 'base=4_lr=0.01', 'base=4_lr=0.02', 'base=8_lr=0.01'],
  ]);
});

test('a member that fails does not keep the others from training', async () => {
  const { code, stderr, stdout } = await sweep('failing', '--set', 'lr=1e38,0.01');
  expect(code).toBe(1);
  expect(stderr).toContain('UNET7333: 1 of 2 members failed: "lr=1e38"');
  expect(states('failing')).toEqual({ 'lr=1e38': 'failed', 'lr=0.01': 'complete' });
  expect(stored('failing').members.at(-1)?.problem).toMatch(/not|number|Infinity|NaN/);
  expect(stdout).toContain('lr=1e38 (failed)');
});

describe('an interruption', () => {
  test('ends the sweep after a step; resuming gives the bits of a sweep without one', async () => {
    let interrupt: ((signal: Interruption) => void) | undefined;
    const { context, told } = createContext({ folder: shop.folder });
    let isAsked = false;
    const watched = {
      ...context,
      onInterrupt: (act: (signal: Interruption) => void) => {
        interrupt = act;
        return () => (interrupt = undefined);
      },
      stderr: {
        ...context.stderr,
        line: (text: string): void => {
          context.stderr.line(text);
          // Before the second epoch of the first member.
          if (!text.startsWith('epoch 1/2') || isAsked) return;
          isAsked = true;
          interrupt!('SIGTERM');
        },
      },
    };
    const words = ['--set', 'base=2,3', '--epochs', '2'];
    const code = await runCli(sweepWords('broken', ...words), watched);
    expect([code, told().stderr]).toEqual([143, expect.stringContaining('"--resume"')]);
    expect(states('broken')).toEqual({ 'base=2': 'unfinished', 'base=3': 'waiting' });
    const resumed = await sweep('broken', ...words, '--resume');
    expect([resumed.code, states('broken')]).toEqual([
      0,
      { 'base=2': 'complete', 'base=3': 'complete' },
    ]);
    expect((await sweep('unbroken', ...words)).code).toBe(0);
    for (const name of ['base=2', 'base=3']) {
      const bytes = (out: string): Buffer => {
        const folder = at(`${out}/${name}/last`);
        const file = readdirSync(folder).find((each) => each.startsWith('weights'))!;
        return readFileSync(join(folder, file));
      };
      expect(bytes('broken').equals(bytes('unbroken'))).toBe(true);
    }
  });
});

test('all folds are members, with mean and deviation', async () => {
  const call = (out: string, ...words: readonly string[]): Promise<CliResult> =>
    callCli(
      [
        ...['sweep', 'folds.unet', '--data', 'flat', '--out', out, '--engine', 'wasm'],
        ...['--epochs', '1', '--folds', ...words],
      ],
      { folder: shop.folder },
    );
  const { code, stdout } = await call('folds', '--set', 'base=2,3');
  expect(code).toBe(0);
  const { members, folds } = stored('folds');
  expect(members.map(({ name }) => name).sort()).toEqual(
    [2, 3].flatMap((base) => [0, 1, 2].map((fold) => `base=${base}_fold=${fold}`)),
  );
  for (const { set, mean, deviation } of folds!) {
    const values = members
      .filter((each) => each.set['base'] === set['base'])
      .map((m) => m.best!.value!);
    const expected = values.reduce((sum, value) => sum + value, 0) / 3;
    const variance = values.reduce((sum, value) => sum + (value - expected) ** 2, 0) / 2;
    expect(mean).toBeCloseTo(expected, 10);
    expect(deviation).toBeCloseTo(Math.sqrt(variance), 10);
  }
  expect(stdout).toMatch(/\n\nbase +folds +mean dice +deviation\n/);
  // Every pair validates once, and a run remembers its fold whoever opens it.
  const validated = [0, 1, 2].map((fold) => {
    const listing = JSON.parse(readFileSync(at(`folds/base=2_fold=${fold}/data.json`), 'utf8')) as {
      readonly val: readonly { readonly name: string }[];
    };
    return listing.val.map(({ name }) => name);
  });
  expect(validated.flat().sort()).toEqual(
    readdirSync(at('flat/images'))
      .map((name) => name.slice(0, -4))
      .sort(),
  );
  const measured = await callCli(
    ['eval', 'folds/base=2_fold=2', '--data', 'flat', '--json', '--engine', 'wasm'],
    { folder: shop.folder },
  );
  const { images } = JSON.parse(measured.stdout) as { images: readonly { name: string }[] };
  expect(images.map(({ name }) => name)).toEqual(validated[2]);
});

describe('what is checked before the first member trains', () => {
  test.each<[string, readonly string[], number, string]>([
    ['nothing that varies', ['--set', 'base=2'], 2, 'UNET7330'],
    ['a value twice', ['--set', 'base=2,3', '--set', 'base=2'], 2, 'UNET7331'],
    ['an empty value', ['--set', 'base=2,'], 2, 'UNET7013'],
    [
      'too many members',
      ['--set', `base=${Array.from({ length: 1001 }, (_, i) => i).join()}`],
      2,
      'UNET7336',
    ],
    ['folds of a recipe without', ['--folds'], 1, 'UNET7332'],
    ['a value that one member cannot have', ['--set', 'lr=0.1,-1'], 1, 'UNET3014'],
    ['sizes that one member cannot take', ['--set', 'size=24,25'], 1, 'UNET6040'],
    ['an unknown parameter', ['--set', 'bas=2,3'], 1, 'UNET2'],
    ['a sweep that is none', ['--set', 'base=2,3', '--resume'], 1, 'UNET7335'],
    ['threads of a process', ['--set', 'base=2,3', '--processes', '2'], 2, 'UNET6307'],
  ])('%s', async (_, words, code, message) => {
    const result = await sweep('checked', ...words);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(existsSync(at('checked'))).toBe(false);
  });

  test('a folder in use', async () => {
    const { code, stderr } = await sweep('data', '--set', 'base=2,3');
    expect([code, stderr]).toEqual([1, expect.stringContaining('UNET7334')]);
  });

  test('another text of the spec', async () => {
    expect((await sweep('changed', '--set', 'base=2,3')).code).toBe(0);
    writeFileSync(at('small.unet'), `${spec}\n// changed\n`);
    const { code, stderr } = await sweep('changed', '--set', 'base=2,3,4', '--resume');
    writeFileSync(at('small.unet'), spec);
    expect([code, stderr.match(/UNET6107/g)]).toEqual([1, ['UNET6107', 'UNET6107']]);
    expect(existsSync(at('changed/base=4'))).toBe(false);
  });

  test('a damaged table of an earlier call', async () => {
    mkdirSync(at('damaged'));
    writeFileSync(at('damaged/sweep.json'), '{"kind": "unetc-sweep"');
    const { code, stderr } = await sweep('damaged', '--set', 'base=2,3', '--resume');
    expect([code, stderr]).toEqual([1, expect.stringContaining('UNET6130')]);
  });
});
