import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { png, writeFiles } from '../runtime/data/support/folders.js';
import { smallSpec } from '../runtime/training/support.js';
import { callCli, type CliResult } from './run-cli.js';

let folder: string;
const data = (...words: string[]): Promise<CliResult> => callCli(['data', ...words], { folder });

async function write(
  name: string,
  masks: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  for (const [mask, samples] of Object.entries(masks)) {
    const [split = '', file = ''] = mask.split('/');
    writeFiles(join(folder, name), {
      [`${split}/images/${file}.png`]: await png(2, 2, 1, [0, 20, 30, 240]),
      [`${split}/masks/${file}.png`]: await png(2, 2, 1, samples),
    });
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-data-'));
  writeFileSync(
    join(folder, 'small.unet'),
    smallSpec.replace('epochs: 2', 'epochs: 2\n  classes: [nothing, cell]'),
  );
  await write('good', {
    'train/a': [0, 255, 255, 0],
    'train/b': [0, 0, 0, 0],
    'val/c': [0, 255, 0, 0],
  });
  await write('mixed', {
    'train/a': [0, 255, 255, 0],
    'train/b': [0, 1, 1, 0],
    'val/c': [0, 1, 0, 0],
  });
  await write('border', { 'train/a': [0, 1, 1, 255], 'val/c': [0, 1, 0, 0] });
  await write('pets', { 'train/a': [1, 2, 2, 2], 'val/c': [1, 1, 2, 2] });
  await write('empty', { 'train/a': [0, 0, 0, 0], 'val/c': [0, 0, 0, 0] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('says what the files hold', async () => {
  const { code, stdout } = await data('good');
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      'train: 2 pairs of 2 x 2 pixels; grey, 8 bits, values 0 to 240',
      '  mask values: 0 in 75.0 % of the pixels, all masks; 255 in 25.0 % of the pixels, 1 mask',
      '  1 of 2 masks holds one value alone',
      'val: 1 pair of 2 x 2 pixels; grey, 8 bits, values 0 to 240',
      '  mask values: 0 in 75.0 % of the pixels, all masks; 255 in 25.0 % of the pixels, all masks',
      '',
    ].join('\n'),
  );
});

test('with a spec, says the shares of the classes by name', async () => {
  const { stdout } = await data('good', '--spec', 'small.unet');
  expect(stdout).toContain('classes: nothing 75.0 %, cell 25.0 %');
  expect(stdout.match(/^ {2}mask values: 0 is nothing, 255 is cell$/gm)).toHaveLength(2);
  const { stdout: json } = await data('good', '--spec', 'small.unet', '--json');
  expect(JSON.parse(json)).toMatchObject({
    classes: ['nothing', 'cell'],
    splits: [
      {
        ...{ name: 'train', pairs: 2, classes: [6, 2] },
        levels: [
          { level: 0, class: 0 },
          { level: 255, class: 1 },
        ],
      },
      { name: 'val' },
    ],
    diagnostics: [],
  });
  const mixed = await data('mixed', '--json');
  expect(mixed.code).toBe(1);
  expect(JSON.parse(mixed.stdout)).toMatchObject({ diagnostics: [{ code: 'UNET6034' }] });
});

test('refuses masks in which 255 means two things, and masks of one class', async () => {
  for (const words of [['mixed'], ['mixed', '--spec', 'small.unet']]) {
    const { code, stderr } = await data(...words);
    expect(code).toBe(1);
    expect(stderr).toContain('UNET6034');
    expect(stderr).toContain('With 0 and 255: "train/masks/a.png".');
    expect(stderr).toContain('With class numbers: "train/masks/b.png", "val/masks/c.png".');
  }
  const { code, stderr } = await data('empty', '--spec', 'small.unet');
  expect(code).toBe(1);
  expect(stderr).toContain('UNET6037');
  expect((await data('nowhere')).stderr).toContain('UNET6001');
});

test('says which value is which class, and refuses two values without a 0 until a table says it', async () => {
  const { stdout: border } = await data('border', '--spec', 'small.unet');
  expect(border).toContain('  mask values: 0 is nothing, 1 is cell, 255 has no class\n');
  const refused = await data('pets', '--spec', 'small.unet');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('UNET6043');
  expect(refused.stdout).toContain('mask values: 2 in');
  const table = smallSpec.replace('epochs: 2', 'epochs: 2\n  colors: [[2, 2, 2], [1, 1, 1]]');
  writeFileSync(join(folder, 'pets.unet'), table);
  const { code, stdout } = await data('pets', '--spec', 'pets.unet');
  expect(code).toBe(0);
  expect(stdout).toContain(
    'mask colours: [2, 2, 2] is class 0 (background), [1, 1, 1] is class 1\n',
  );
});
