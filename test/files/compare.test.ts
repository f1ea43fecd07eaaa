import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agreementOf } from '../../src/files/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-compare-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file agrees with bytes as a whole, at its beginning or not', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'abcdef');
  const compare = (...texts: readonly string[]) =>
    agreementOf(
      path,
      texts.map((text) => Buffer.from(text)),
    );
  expect(compare('abc', '', 'def')).toBe('whole');
  expect(compare('ab', 'c')).toBe('beginning');
  expect(compare()).toBe('beginning');
  expect(compare('abc', 'deF')).toBe('other');
  expect(compare('abc', 'defg')).toBe('other');
  writeFileSync(path, '');
  expect(compare()).toBe('whole');
});

test('a byte far behind the first ones that are read counts', () => {
  const bytes = Buffer.alloc(3 * 2 ** 20 + 5, 7);
  const path = join(folder, 'a');
  writeFileSync(path, bytes);
  const pieces = [bytes.subarray(0, 100), bytes.subarray(100)];
  expect(agreementOf(path, pieces)).toBe('whole');
  bytes[bytes.length - 2] = 8;
  expect(agreementOf(path, pieces)).toBe('other');
});

test('nothing, and what is no file, agrees with no bytes', () => {
  expect(agreementOf(join(folder, 'missing'), [])).toBe('other');
  expect(agreementOf(folder, [])).toBe('other');
});

test('a file larger than any that is read as a whole is compared', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'abc');
  // All of it but the first bytes takes no room on the disk.
  truncateSync(path, 3 * 2 ** 30);
  expect(agreementOf(path, [Buffer.from('abc'), Buffer.alloc(2)])).toBe('beginning');
});
