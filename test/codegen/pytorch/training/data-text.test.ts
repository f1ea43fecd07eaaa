import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitData } from '../../../../src/codegen/pytorch/training/data/emit.js';
import { compileText } from '../../../../src/compile.js';
import { findDataPython, mypyCache, toolBeside } from '../../../python/find-python.js';
import { readCases } from '../../cases.js';
import { dataRecipes } from './recipes.js';

const golden = join(import.meta.dirname, 'golden');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

const emitted = (file: string, text: string) => {
  const [model] = compileText(file, text).models;
  return emitData(model!, file);
};
const texts = [
  ...dataRecipes.map(({ name, text }) => ({ name, text: emitted('net.unet', text).value! })),
  ...readCases()
    .filter(({ isValid, text }) => isValid && /^train /m.test(text))
    .flatMap(({ name, file, text }) => {
      const { value } = emitted(file, text);
      return value === undefined ? [] : [{ name, text: value }];
    }),
];

test.each(['plain', 'everything', 'valid_pad', 'resize', 'colours', 'borders'])(
  '%s is as it is kept',
  (name) => {
    const { text } = texts.find((each) => each.name === name)!;
    const path = join(golden, `${name}.py`);
    if (isUpdate) {
      mkdirSync(golden, { recursive: true });
      writeFileSync(path, text);
    }
    expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(text);
  },
);

test('files are short lines, the same each time, and hold what the recipe needs alone', () => {
  for (const { name, text } of texts) {
    const long = text.split('\n').filter((line) => line.length > 88 || /\s$/.test(line));
    expect([name, long]).toEqual([name, []]);
  }
  const textOf = (name: string): string => texts.find((each) => each.name === name)!.text;
  const again = dataRecipes.find(({ name }) => name === 'everything')!;
  expect(emitted('net.unet', again.text).value).toBe(textOf('everything'));
  const words = ['def blur', 'def bicubic', 'def borders', 'def resize', 'class Axis', 'MEAN ='];
  const found = (name: string): readonly string[] =>
    words.filter((word) => textOf(name).includes(word));
  expect(found('crop')).toEqual([]);
  expect(found('everything')).toEqual(['def blur', 'def bicubic']);
  expect(found('borders_resized')).toEqual(['def borders', 'def resize']);
  expect(found('resize')).toEqual(['def resize', 'MEAN =']);
  expect(found('valid_pad')).toEqual(['class Axis']);
});

test('sizes that are not legal are refused', () => {
  const odd = dataRecipes[1]!.text.replace('crop(16)', 'crop(18)');
  expect(emitted('net.unet', odd)).toMatchObject({
    value: undefined,
    diagnostics: [{ code: 'UNET6040' }],
  });
});

/** Where a Python with Pillow has ruff and mypy beside it; skipped, and said to be, elsewhere. */
const python = findDataPython();
const [ruff, mypy] =
  python === undefined ? [] : ['ruff', 'mypy'].map((name) => toolBeside(python, name));
const live = ruff === undefined || mypy === undefined ? describe.skip : describe;

live('by the tools of Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-data-style-'));
  // mypy takes a second for each.
  for (const { name, text } of texts.slice(0, dataRecipes.length)) {
    writeFileSync(join(folder, `${name}.py`), text);
  }
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (command: string, words: readonly string[]) => {
    const { status, stdout } = spawnSync(command, words, { cwd: folder, encoding: 'utf8' });
    return { status, stdout };
  };

  test.each([
    ['ruff check', () => run(ruff!, ['check', '--isolated', '--no-cache', '--quiet', '.'])],
    ['ruff format', () => run(ruff!, ['format', '--isolated', '--no-cache', '--diff', '.'])],
    [
      'mypy --strict',
      () => run(mypy!, ['--strict', '--no-error-summary', '--cache-dir', mypyCache(), '.']),
    ],
  ])(
    '%s has nothing to say',
    (_name, call) => {
      expect(call()).toEqual({ status: 0, stdout: '' });
    },
    180_000,
  );
});
