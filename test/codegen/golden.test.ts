import { describe, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { compileText } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { goldenFolder, readCases, root } from './cases.js';
import { renderStages } from './stages.js';

/**
 * What every stage makes of every case, against the files in `test/golden`.
 * `UPDATE_GOLDEN=1 npm test` rewrites them; read the difference before a commit.
 */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const cases = readCases();

describe.each(cases)('$name', (each) => {
  const folder = join(goldenFolder, each.name);

  test(each.isValid ? 'compiles' : 'has errors', () => {
    expect(hasErrors(compileText(each.file, each.text).diagnostics)).toBe(!each.isValid);
  });

  test('gives the files that are kept', async () => {
    const stages = await renderStages(each);
    const kept = listFiles(folder).filter((file) => file !== 'spec.unet');
    if (isUpdate) {
      for (const file of kept) if (!stages.has(file)) rmSync(join(folder, file));
      for (const [file, text] of stages) write(join(folder, file), text);
      return;
    }
    const differences = [...stages].flatMap(([file, text]) =>
      kept.includes(file) && readFileSync(join(folder, file), 'utf8') === text
        ? []
        : [differenceLine(each.name, file, text)],
    );
    expect(differences).toEqual([]);
    expect(kept).toEqual([...stages.keys()].sort());
  });
});

test('no folder is left of a case that is gone', () => {
  const names = new Set(cases.map(({ name }) => name));
  expect(listFiles(goldenFolder).filter((name) => !names.has(name))).toEqual([]);
});

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Puts what came out aside and gives the command that shows the difference. */
function differenceLine(name: string, file: string, text: string): string {
  const actual = join(root, '.tmp/golden', name, file);
  write(actual, text);
  const expected = relative(root, join(goldenFolder, name, file));
  return `git diff --no-index ${expected} ${relative(root, actual)}`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
