import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOutFolder } from '../../../src/runtime/prediction/out-folder.js';
import { pictureFiles } from '../../../src/runtime/prediction/picture-files.js';
import { callCli } from '../../cli/run-cli.js';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-out-'));
  for (const name of ['data/val/images', 'data/val/masks', 'flat/images', 'flat/masks']) {
    mkdirSync(at(name), { recursive: true });
  }
  for (const name of ['photos', 'painted', 'masks']) mkdirSync(at(name));
  writeFileSync(at('photos/a.png'), '');
  const { mask, overlay, probabilities } = pictureFiles(at('painted'), 'a', {
    ...{ channels: 3, classes: ['sky', 'b c', 'd'], everyClass: true },
  });
  for (const file of [mask, overlay, ...probabilities]) writeFileSync(file, '');
  writeFileSync(at('painted/notes.txt'), '');
  symlinkSync(at('data/val/masks'), at('linked'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ...['data/val/masks', 'data/val/images', 'flat/masks', 'linked'],
  // Folders that are not there yet.
  ...['data/val/instances', 'data/val/masks/new', 'linked/new'],
])('%s is part of a data set', (out) => {
  expect(checkOutFolder(at(out)).map(({ code }) => code)).toEqual(['UNET7031']);
});

test.each(['painted', 'new', 'masks', 'data', 'data/val', 'data/val/painted', 'new/masks'])(
  '%s is a folder for pictures',
  (out) => {
    expect(checkOutFolder(at(out))).toEqual([]);
  },
);

test('other images are told', () => {
  const [found, ...more] = checkOutFolder(at('photos'));
  expect(more).toEqual([]);
  expect([found?.code, found?.severity]).toEqual(['UNET7032', 'warning']);
  expect(found?.message).toContain('holds 1 other image;');
});

test('predict paints nothing into a data set', async () => {
  const words = ['predict', 'run', 'photos/a.png', '--out', 'data/val/masks'];
  const { code, stderr } = await callCli(words, { folder });
  expect(code).toBe(1);
  expect(stderr).toContain('UNET7031');
  expect(stderr).not.toContain('UNET6101');
});
