import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import {
  FileError,
  listFolder,
  readBytes,
  readBytesSync,
  readJsonSync,
  replaceFileSync,
} from '../../src/files/index.js';
import { makeOddPlaces, type OddPlaces } from './odd-places.js';

let places: OddPlaces;
beforeAll(async () => {
  places = await makeOddPlaces();
});
afterAll(() => places.remove());

describe('what is no regular file', () => {
  test('is refused before it is read, by its kind', async () => {
    expect(places.odd.length).toBeGreaterThan(4);
    for (const [name, reason] of places.odd) {
      const path = places.at(name);
      expect(() => readBytesSync(path, 'text')).toThrow(reason);
      await expect(readBytes(path, 'image')).rejects.toThrow(reason);
    }
  });

  test('is told from what is missing', async () => {
    const missing: unknown = await readBytes(places.at('nothing'), 'text').catch((e: unknown) => e);
    expect(missing).toBeInstanceOf(FileError);
    expect((missing as FileError).problem).toBe('missing');
    expect((missing as FileError).message).toBe('it does not exist');
    expect(() => readBytesSync(places.at('nowhere/file'), 'text')).toThrow(
      'a folder of its path does not exist',
    );
  });

  test('is told of links that lead nowhere', async () => {
    symlinkSync('gone', places.at('broken'));
    const reason = 'it is a link that leads nowhere: to "gone"';
    expect(() => readBytesSync(places.at('broken'), 'text')).toThrow(reason);
    await expect(readBytes(places.at('broken'), 'image')).rejects.toThrow(reason);
  });
});

/** Permissions count for nobody who is root: then these tests are skipped, and shown as such. */
const unlessRoot = process.getuid?.() === 0 ? describe.skip : describe;

unlessRoot('what the permissions forbid', () => {
  test('is not read, and the reason is told', async () => {
    writeFileSync(places.at('closed'), 'text', { mode: 0o000 });
    expect(() => readBytesSync(places.at('closed'), 'text')).toThrow('permission denied');
    await expect(readBytes(places.at('closed'), 'image')).rejects.toThrow('permission denied');
  });

  test('is not listed', () => {
    mkdirSync(places.at('closed-folder'), { mode: 0o000 });
    expect(() => listFolder(places.at('closed-folder'))).toThrow('permission denied');
  });

  test('is not written', () => {
    mkdirSync(places.at('kept'), { mode: 0o555 });
    expect(() => replaceFileSync(places.at('kept/file'), 'text')).toThrow('permission denied');
  });
});

describe('sizes', () => {
  test('a file may have as many bytes as its kind, and no more', () => {
    const path = places.at('large');
    writeFileSync(path, '');
    truncateSync(path, 8 * 2 ** 20);
    expect(readBytesSync(path, 'text').length).toBe(8 * 2 ** 20);
    truncateSync(path, 8 * 2 ** 20 + 1);
    expect(() => readBytesSync(path, 'text')).toThrow(
      'it has 8388609 bytes; expected at most 8388608',
    );
  });

  test('files that tell no size are read to their end', () => {
    // Those of /proc, where there are any.
    const path = '/proc/self/status';
    let expected: string;
    try {
      expected = readFileSync(path, 'utf8').split('\n')[0]!;
    } catch {
      return;
    }
    expect(readBytesSync(path, 'text').toString('utf8').split('\n')[0]).toBe(expected);
  });

  test('every byte comes, also of empty files', async () => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => i % 251));
      writeFileSync(places.at('bytes'), bytes);
      expect(readBytesSync(places.at('bytes'), 'text').equals(bytes)).toBe(true);
      expect((await readBytes(places.at('bytes'), 'text')).equals(bytes)).toBe(true);
    }
  });
});

describe('what must lie in a folder', () => {
  test.each([
    ['inner/file', undefined],
    ['inner/../inner/file', undefined],
    ['inner/within', undefined],
    ['file', /outside of the folder/],
    ['inner/../file', /outside of the folder/],
    ['inner/leaving', /outside of the folder ".*"; its links lead to ".*file"/],
    ['inner/up/file', /outside of the folder/],
  ])('%s', (name, reason) => {
    const inner = places.at('inner');
    mkdirSync(inner, { recursive: true });
    writeFileSync(places.at('inner/file'), 'text');
    const links = [
      ['leaving', places.at('file')],
      ['within', places.at('inner/file')],
      ['up', places.folder],
    ] as const;
    for (const [link, target] of links) {
      try {
        symlinkSync(target, places.at('inner', link));
      } catch {
        // There already.
      }
    }
    const read = (): string => readBytesSync(places.at(name), 'text', { within: inner }).toString();
    if (reason === undefined) expect(read()).toBe('text');
    else expect(read).toThrow(reason);
  });
});

test('JSON that is none is told', () => {
  writeFileSync(places.at('a.json'), '{"a": [1');
  expect(() => readJsonSync(places.at('a.json'))).toThrow('it is cut short, or no JSON');
  writeFileSync(places.at('a.json'), 'null');
  expect(readJsonSync(places.at('a.json'))).toBe(null);
});

test('a file that others replace again and again is read whole, also inside a folder', async () => {
  const path = places.at('replaced');
  const texts = ['one', 'another'];
  replaceFileSync(path, texts[0]!);
  const rounds = new Int32Array(new SharedArrayBuffer(8));
  const other = new Worker(replacer, { eval: true, workerData: { path, texts, rounds } });
  const over = once(other, 'exit');
  try {
    await once(other, 'message');
    for (let round = 0; round < 300; round++) {
      const bytes = await readBytes(path, 'text', { within: places.at('.') });
      expect(texts).toContain(bytes.toString());
    }
    expect(Atomics.load(rounds, 1)).toBeGreaterThan(0);
  } finally {
    Atomics.store(rounds, 0, 1);
    await over;
  }
});

/** Replaces a file until it is told to end, and counts how often. */
const replacer = `
  const { renameSync, writeFileSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const { path, texts, rounds } = workerData;
  parentPort.postMessage('begun');
  for (let round = 1; Atomics.load(rounds, 0) === 0; round++) {
    writeFileSync(path + '.aside', texts[round % 2]);
    renameSync(path + '.aside', path);
    Atomics.store(rounds, 1, round);
    Atomics.wait(rounds, 0, 0, round % 3);
  }
`;

test('a file that the same thread replaces between any two of its turns is read', async () => {
  const path = places.at('replaced-here');
  replaceFileSync(path, 'one');
  let left = 500;
  const replace = (): void => {
    replaceFileSync(path, 'one');
    if (--left > 0) setImmediate(replace);
  };
  setImmediate(replace);
  while (left > 0) {
    const bytes = await readBytes(path, 'text', { within: places.at('.') });
    expect(bytes.toString()).toBe('one');
  }
});
