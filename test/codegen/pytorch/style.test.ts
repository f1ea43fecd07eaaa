import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitPyTorch } from '../../../src/codegen/pytorch/emit.js';
import { compileText } from '../../../src/compile.js';
import { findPython, mypyCache, toolBeside } from '../../python/find-python.js';
import { readCases, root } from '../cases.js';
import { moreNetworks } from './more-networks.js';

const cases = [
  ...readCases().filter(({ isValid }) => isValid),
  ...Object.entries(moreNetworks).map(([name, text]) => ({ name, file: 'more.unet', text })),
];
const texts = cases.flatMap(({ name, file, text }) => {
  const { value } = emitPyTorch(compileText(file, text).models, { file });
  return value === undefined ? [] : [{ name, text: value.text }];
});

test('files are plain text in short lines, the same each time', () => {
  expect(texts.length).toBeGreaterThan(40);
  for (const [index, { name, file, text }] of cases.entries()) {
    const again = emitPyTorch(compileText(file, text).models, { file }).value?.text;
    expect([name, again]).toEqual([name, texts.find((each) => each.name === name)?.text]);
    if (again === undefined) continue;
    // The formatter does not count what is said to tools.
    const lines = again.replaceAll('  # type: ignore[override]', '').split('\n');
    expect([index, lines.filter((line) => line.length > 88 || /\s$/.test(line))]).toEqual([
      index,
      [],
    ]);
  }
});

/** What `nn.Module` has of its own. */
const ofModules = ['apply', 'eval', 'training'];

test('what a module reads of itself its constructor has kept', () => {
  for (const { name, text } of texts) {
    for (const [, rest] of text.matchAll(/^class \w+\(nn\.Module\):\n((?: {4}.*\n|\n)*)/gm)) {
      const code = rest!.replaceAll(/"""[^]*?"""/g, '');
      const kept = [...code.matchAll(/self\.(\w+)(?:: \w+)? = /g)].map(([, each]) => each!);
      const methods = [...code.matchAll(/def (\w+)\(/g)].map(([, each]) => each!);
      const read = [...code.matchAll(/self\.(\w+)/g)].map(([, each]) => each!);
      const known = new Set([...kept, ...methods, ...ofModules]);
      expect([name, read.filter((each) => !known.has(each))]).toEqual([name, []]);
    }
  }
});

/** Where `npm run python-env` was run; skipped, and said to be, elsewhere. */
const python = findPython();
const tools = python === undefined ? [] : ['ruff', 'mypy'].map((name) => toolBeside(python, name));
const [ruff, mypy] = tools;
const live = ruff === undefined || mypy === undefined ? describe.skip : describe;

live('by the tools of Python', () => {
  const folder = join(root, `.tmp/python-style-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (const [index, { text }] of texts.entries()) {
    writeFileSync(join(folder, `module_${index}.py`), text);
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
  ])('%s has nothing to say', (_name, call) => {
    expect(call()).toEqual({ status: 0, stdout: '' });
  });
});
