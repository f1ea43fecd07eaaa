import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import {
  appendToFile,
  InputFiles,
  makeFolder,
  openOutput,
  replaceFile,
  replaceFileSync,
} from '../../src/files/index.js';
import { makeOddPlaces, type OddPlaces } from './odd-places.js';

let places: OddPlaces;
beforeEach(async () => {
  places = await makeOddPlaces();
});
afterEach(() => places.remove());

const text = (path: string): string => readFileSync(path, 'utf8');
/** Both ways of writing a whole file. */
const ways: readonly (readonly [string, typeof replaceFile])[] = [
  ['replaceFile', replaceFile],

  ['replaceFileSync', async (...words) => replaceFileSync(...words)],
];

describe.each(ways)('%s', (_, write) => {
  test('replaces nothing but regular files, and leaves everything as it was', async () => {
    const before = readdirSync(places.folder);
    for (const [name, reason] of places.odd) {
      const kind = lstatSync(places.at(name)).mode;
      await expect(write(places.at(name), 'new')).rejects.toThrow(reason);
      expect(lstatSync(places.at(name)).mode).toBe(kind);
    }
    expect(readdirSync(places.folder)).toEqual(before);
  });

  test('keeps a link and replaces what it leads to; one that leads nowhere stays', async () => {
    symlinkSync('file', places.at('link'));
    await write(places.at('link'), 'new');
    expect(readlinkSync(places.at('link'))).toBe('file');
    expect(text(places.at('file'))).toBe('new');
    symlinkSync('nothing', places.at('lost'));
    await expect(write(places.at('lost'), 'new')).rejects.toThrow('a link that leads nowhere');
    expect(readlinkSync(places.at('lost'))).toBe('nothing');
  });

  test('refuses an input of the command under every name', async () => {
    const inputs = new InputFiles([places.at('file')]);
    symlinkSync('file', places.at('link'));
    linkSync(places.at('file'), places.at('hard'));
    for (const name of ['file', 'link', 'hard', './folder/../file']) {
      await expect(write(places.at(name), 'new', { inputs })).rejects.toThrow(
        'it is an input of this command',
      );
    }
    expect(text(places.at('file'))).toBe('text');
    await write(places.at('other'), 'new', { inputs });
    expect(text(places.at('other'))).toBe('new');
  });

  test('keeps the mode, makes folders, and writes the longest names there are', async () => {
    chmodSync(places.at('file'), 0o640);
    await write(places.at('file'), 'new');
    expect(statSync(places.at('file')).mode & 0o777).toBe(0o640);
    const long = places.at('a/b', 'x'.repeat(255));
    await write(long, 'new');
    expect(text(long)).toBe('new');
    await expect(write(places.at('x'.repeat(256)), 'new')).rejects.toThrow('its name is too long');
    await expect(write(places.at('file/b'), 'new')).rejects.toThrow(
      /a file, not a folder|no folder/,
    );
    await expect(write(`${places.at('new')}/`, 'new')).rejects.toThrow('it names a folder');
    await expect(write(places.at('a\0b'), 'new')).rejects.toThrow('a zero byte');
  });
});

test('an output in parts shows when it is finished, and not at all when it is abandoned', async () => {
  const path = places.at('file');
  const output = await openOutput(path);
  await output.write('new ');
  await output.write(Buffer.from('text'));
  expect(text(path)).toBe('text');
  await output.finish();
  output.abandon();
  expect(text(path)).toBe('new text');
  const other = await openOutput(path);
  await other.write('lost');
  other.abandon();
  expect(text(path)).toBe('new text');
  expect(readdirSync(places.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('only regular files are added to', () => {
  for (const [name, reason] of places.odd) {
    expect(() => appendToFile(places.at(name), 'more')).toThrow(reason);
  }
  appendToFile(places.at('file'), ' more');
  appendToFile(places.at('new'), 'ü');
  expect(text(places.at('file'))).toBe('text more');
  expect(text(places.at('new'))).toBe('ü');
});

test('folders are made where they can be, and told where not', () => {
  makeFolder(places.at('a/b/c'));
  makeFolder(places.at('a/b/c'));
  expect(statSync(places.at('a/b/c')).isDirectory()).toBe(true);
  expect(() => makeFolder(places.at('file'))).toThrow('it is there already and no folder');
  expect(() => makeFolder(places.at('file/below'))).toThrow('a part of its path is a file');
  if (process.platform === 'linux') {
    expect(() => makeFolder('/proc/unetc/below')).toThrow('no folder can be made there');
  }
});
