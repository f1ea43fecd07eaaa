import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTrainingPython, mypyCache, toolBeside } from '../../../python/find-python.js';
import { root } from '../../cases.js';
import { filesOf, writeFiles } from './ask-scripts.js';
import { recipes } from './train-recipes.js';

const golden = join(import.meta.dirname, 'golden');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

const demo = readFileSync(join(root, 'specs/templates/demo.unet'), 'utf8');
const nested = readFileSync(join(root, 'specs/unet-3-plus.unet'), 'utf8');
const texts = new Map<string, string>([
  ...Object.entries(recipes),
  ['demo', demo],
  ['nested', nested],
]);
const files = new Map([...texts].map(([name, text]) => [name, filesOf(text).files]));

test.each(['demo', 'heads'])('the script of %s is as it is kept', (name) => {
  const text = files.get(name)!.get('train.py')!;
  const path = join(golden, `train_${name}.py`);
  if (isUpdate) {
    mkdirSync(golden, { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(text);
});

test('scripts are short lines, the same each time', () => {
  for (const [name, each] of files) {
    const text = each.get('train.py')!;
    expect([name, filesOf(texts.get(name)!).files.get('train.py') === text]).toEqual([name, true]);
    const long = text.split('\n').filter((line) => line.length > 88 || /\s$/.test(line));
    expect([name, long]).toEqual([name, []]);
  }
});

test('a script has what its recipe needs and nothing else', () => {
  const words = [
    'def mean_of_pixels',
    'def mean_of_images',
    'def ms_ssim',
    'def nearest(',
    'def classes_in',
    'def normalize',
    'def soft_counts_of',
    'def distances_of',
    'class Tile',
    'manual_seed(',
    'OUTPUTS',
    'def is_over',
    'def follow',
    'clip_grad',
    'import copy',
  ];
  const found = (name: string): readonly string[] => {
    const text = files.get(name)!.get('train.py')!;
    return words.filter((word) => text.includes(word));
  };
  expect(found('demo')).toEqual(['def mean_of_pixels', 'def normalize', 'manual_seed(']);
  expect(found('patient')).toContain('def is_over');
  expect(found('averaged')).toEqual(
    expect.arrayContaining(['def follow', 'clip_grad', 'import copy']),
  );
  expect(found('padded')).toEqual(['def normalize', 'manual_seed(']);
  expect(found('similar')).toEqual([
    'def mean_of_images',
    'def ms_ssim',
    'def normalize',
    'manual_seed(',
  ]);
  expect(found('tiles')).toContain('class Tile');
  expect(found('exclusive')).toContain('def distances_of');
  expect(found('heads')).toEqual([
    'def mean_of_pixels',
    'def nearest(',
    'def classes_in',
    'def normalize',
    'manual_seed(',
    'OUTPUTS',
  ]);
  const seeds = (name: string): number =>
    files.get(name)!.get('train.py')!.split('manual_seed(').length - 1;
  expect([seeds('demo'), seeds('dropped')]).toEqual([1, 2]);
});

/** Where `npm run python-env` was run; skipped, and said to be, elsewhere. */
const python = findTrainingPython();
const tools = python === undefined ? [] : ['ruff', 'mypy'].map((name) => toolBeside(python, name));
const [ruff, mypy] = tools;
const live = ruff === undefined || mypy === undefined ? describe.skip : describe;

live('by the tools of Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-train-style-'));
  for (const [name, each] of files) writeFiles(join(folder, name), each);
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (command: string, words: readonly string[], cwd = folder) => {
    const { status, stdout } = spawnSync(command, words, { cwd, encoding: 'utf8' });
    return { status, stdout };
  };

  test.each(['check', 'format'])('ruff %s has nothing to say', (word) => {
    const how = word === 'format' ? ['--diff'] : ['--quiet'];
    for (const name of files.keys()) {
      const found = run(ruff!, [word, '--isolated', '--no-cache', ...how, '.'], join(folder, name));
      expect([name, found]).toEqual([name, { status: 0, stdout: '' }]);
    }
  });

  test('mypy --strict has nothing to say', () => {
    // One after the other, for all have files of the same names; these use every function.
    for (const name of [
      ...['demo', 'heads', 'exclusive', 'classifiedInTiles', 'similar', 'tiles'],
      ...['patient', 'restarts', 'cycle', 'averaged', 'errors', 'hardest', 'sorted', 'shapes'],
      ...['outlines', 'ranked', 'calibrated', 'classifiedByRanks'],
    ]) {
      const words = ['--strict', '--no-error-summary', '--cache-dir', mypyCache()];
      const found = run(mypy!, [...words, '.'], join(folder, name));
      expect([name, found]).toEqual([name, { status: 0, stdout: '' }]);
    }
  }, 240_000);
});
