import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli } from './run-cli.js';

/** Training on, evaluation of and a look at one folder that a recipe divides. */

let shop: Workshop;
let names: readonly string[];
const spec = `${smallSpec.replace('train Small {', 'train Small(fold: int = 0) {\n  split: folds(3, fold: fold)')}`;

beforeAll(async () => {
  shop = await openWorkshop(5, 2);
  // The pairs of both parts in one folder.
  for (const kind of ['images', 'masks']) {
    mkdirSync(join(shop.folder, 'flat', kind), { recursive: true });
    for (const part of ['train', 'val']) {
      const from = join(shop.data, part, kind);
      for (const name of readdirSync(from)) {
        cpSync(join(from, name), join(shop.folder, 'flat', kind, `${part}-${name}`));
      }
    }
  }
  names = readdirSync(join(shop.folder, 'flat/images')).map((name) => name.slice(0, -4));
  writeFileSync(join(shop.folder, 'folds.unet'), spec);
});
afterAll(() => shop.remove());

interface Listing {
  readonly train: readonly { readonly name: string }[];
  readonly val: readonly { readonly name: string }[];
}

const call = (...words: string[]): ReturnType<typeof callCli> =>
  callCli(words, { folder: shop.folder });

interface Evaluated {
  readonly images: readonly { readonly name: string }[];
}

async function evaluatedOn(data: string, ...words: string[]): Promise<readonly string[]> {
  const { stdout, stderr, code } = await call(
    'eval',
    'runs/1',
    '--data',
    data,
    '--json',
    ...['--engine', 'wasm'],
    ...words,
  );
  expect(code).toBe(0);
  // What is left out of a folder is told.
  const isTold = data === 'flat' && !words.includes('all');
  expect(stderr.includes('"--split all" takes all pairs')).toBe(isTold);
  return (JSON.parse(stdout) as Evaluated).images.map(({ name }) => name);
}

const evaluated = (...words: string[]): Promise<readonly string[]> => evaluatedOn('flat', ...words);

test('one fold validates, in training and whenever the run is judged', async () => {
  const { code, stderr } = await call(
    ...['train', 'folds.unet', '--data', 'flat', '--set', 'fold=1', '--out', 'runs/1'],
    ...['--engine', 'wasm', '--epochs', '1'],
  );
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const listing = JSON.parse(
    readFileSync(join(shop.folder, 'runs/1/data.json'), 'utf8'),
  ) as Listing;
  const [train, val] = [listing.train, listing.val].map((pairs) => pairs.map(({ name }) => name));
  expect([train!.length + val!.length, val!.length]).toEqual([7, expect.any(Number)]);
  expect([...train!, ...val!].sort()).toEqual([...names].sort());
  expect(await evaluated()).toEqual(val);
  expect(await evaluated('--split', 'train')).toEqual(train);
  expect(await evaluated('--split', 'all')).toEqual(names);
});

test('the folds of a folder do not overlap', async () => {
  const parts = await Promise.all(
    [0, 1, 2].map(async (fold) => {
      const { stdout, code } = await call(
        ...['data', 'flat', '--spec', 'folds.unet', '--set', `fold=${fold}`, '--json'],
      );
      expect(code).toBe(0);
      const { splits } = JSON.parse(stdout) as {
        readonly splits: readonly { readonly name: string; readonly pairs: number }[];
      };
      return splits.map(({ name, pairs }) => [name, pairs] as const);
    }),
  );
  expect(parts.map((part) => part.map(([name]) => name))).toEqual(
    parts.map(() => ['train', 'val']),
  );
  expect(parts.map(([, val]) => val![1]).sort()).toEqual([2, 2, 3]);
});

test('shards are of the parts of the recipe', async () => {
  const { code, stderr } = await call(
    ...['data', 'flat', '--spec', 'folds.unet', '--shards', 'tar'],
  );
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/train-00000-of-00001.tar, [45] pairs/),
  ]);
  // What was drawn then holds, whatever fold the run has.
  const [train, val] = [
    await evaluatedOn('tar', '--split', 'train'),
    await evaluatedOn('tar', '--split', 'val'),
  ];
  expect(train.length).toBe(Number(/train-.*, (\d) pairs/.exec(stderr)![1]));
  expect([...train, ...val].sort()).toEqual([...names].sort());
  expect(await evaluatedOn('tar', '--split', 'all')).toEqual([...train, ...val]);
});

test('a folder that nothing divides says how the recipe does', async () => {
  writeFileSync(join(shop.folder, 'plain.unet'), smallSpec);
  const { code, stderr } = await call('train', 'plain.unet', '--data', 'flat', '--out', 'runs/no');
  expect(code).toBe(1);
  expect(stderr).toContain('split: fraction(0.2)');
});
