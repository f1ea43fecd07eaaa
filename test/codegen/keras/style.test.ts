import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitKeras } from '../../../src/codegen/keras/emit.js';
import { compileText } from '../../../src/compile.js';
import { findPython, toolBeside } from '../../python/find-python.js';
import { readCases, root } from '../cases.js';
import { moreNetworks } from '../pytorch/more-networks.js';
import { edgeNetworks } from './edge-networks.js';

const cases = [
  ...readCases().filter(({ isValid }) => isValid),
  ...Object.entries({ ...moreNetworks, ...edgeNetworks }).map(([name, text]) => {
    return { name, file: 'more.unet', text };
  }),
];
const emit = ({ file, text }: (typeof cases)[number]): string | undefined =>
  emitKeras(compileText(file, text).models, { file }).value?.text;
const texts = cases.flatMap((each) => {
  const text = emit(each);
  return text === undefined ? [] : [{ ...each, code: text }];
});

test('files are plain text in short lines, the same each time', () => {
  expect(texts.length).toBeGreaterThan(40);
  for (const each of texts) {
    expect([each.name, emit(each)]).toEqual([each.name, each.code]);
    const lines = each.code.split('\n');
    const odd = lines.filter((line) => line.length > 88 || /\s$/.test(line));
    expect([each.name, odd]).toEqual([each.name, []]);
  }
});

test('files import Keras alone', () => {
  for (const { name, code } of texts) {
    const imports = code.split('\n').filter((line) => /^(import|from) /.test(line));
    const known = /^(import keras|import math|from keras import layers(, ops)?)$/;
    expect([name, imports.filter((line) => !known.test(line))]).toEqual([name, []]);
  }
});

/** Where `npm run python-env` was run; skipped, and said to be, elsewhere. */
const python = findPython();
const ruff = python === undefined ? undefined : toolBeside(python, 'ruff');
const live = ruff === undefined ? describe.skip : describe;

live('by the tools of Python', () => {
  const folder = join(root, `.tmp/keras-style-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (const [index, { code }] of texts.entries()) {
    writeFileSync(join(folder, `model_${index}.py`), code);
  }
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['check', ['check', '--isolated', '--no-cache', '--quiet', '.']],
    ['format', ['format', '--isolated', '--no-cache', '--diff', '.']],
  ])('ruff %s has nothing to say', (_name, words) => {
    const { status, stdout } = spawnSync(ruff!, words, { cwd: folder, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
