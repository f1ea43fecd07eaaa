import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSystemError } from '../src/files/index.js';
import { createNodeHost } from '../src/host-node.js';
import type { Host } from '../src/host.js';

let folder: string;
let host: Host;
const at = (...parts: readonly string[]): string => join(folder, ...parts);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-host-'));
  host = createNodeHost(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('reading', () => {
  test('starts at the folder and keeps a byte-order mark', () => {
    writeFileSync(at('a.unet'), '\ufeffmodel');
    expect(host.readText('a.unet')).toBe('\ufeffmodel');
    expect(host.readText(at('a.unet'))).toBe('\ufeffmodel');
  });

  test('gives undefined for a missing file', () => {
    expect(host.readText('a.unet')).toBeUndefined();
  });

  test('says in words what is wrong', () => {
    mkdirSync(at('folder'));
    writeFileSync(at('a.bin'), Buffer.from([0xff, 0xfe, 0x00]));
    expect(() => host.readText('folder')).toThrow('it is a folder');
    expect(() => host.readText('a.bin')).toThrow('it is not text in UTF-8');
    expect(() => host.readText('a.bin/b')).toThrow('a part of its path is a file, not a folder');
    expect(() => host.readText('a\0b')).toThrow('its path holds a zero byte');
  });
});

describe('writing', () => {
  test('makes missing folders and leaves nothing but the file', () => {
    host.writeText('x/y/a.ts', 'text');
    expect(readFileSync(at('x/y/a.ts'), 'utf8')).toBe('text');
    expect(readdirSync(at('x/y'))).toEqual(['a.ts']);
  });

  test('keeps the mode of a file and the link that leads to it', () => {
    writeFileSync(at('a.ts'), 'old');
    chmodSync(at('a.ts'), 0o640);
    symlinkSync('a.ts', at('link.ts'));
    host.writeText('link.ts', 'new');
    expect(readFileSync(at('a.ts'), 'utf8')).toBe('new');
    expect(statSync(at('a.ts')).mode & 0o777).toBe(0o640);
    expect(lstatSync(at('link.ts')).isSymbolicLink()).toBe(true);
  });

  test('says in words what is wrong, and leaves nothing behind', () => {
    mkdirSync(at('folder'));
    writeFileSync(at('a.ts'), 'old');
    expect(() => host.writeText('folder', 'x')).toThrow('it is a folder');
    expect(() => host.writeText('a.ts/b.ts', 'x')).toThrow('a part of its path is a file');
    expect(readdirSync(folder).sort()).toEqual(['a.ts', 'folder']);
  });
});

test('listing walks folders, but no hidden ones and no circles', () => {
  for (const path of ['b/c', '.git', 'node_modules/x']) mkdirSync(at(path), { recursive: true });
  for (const path of ['b/c/z.unet', 'a.unet', 'b/y.unet', 'b/y.txt']) writeFileSync(at(path), '');
  writeFileSync(at('.git/q.unet'), '');
  writeFileSync(at('node_modules/x/q.unet'), '');
  symlinkSync(folder, at('b/up'));
  expect(host.listFiles('.', '.unet')).toEqual(['a.unet', 'b/c/z.unet', 'b/y.unet']);
  expect(host.listFiles('b', '.unet')).toEqual(['b/c/z.unet', 'b/y.unet']);
});

test('kinds of paths', () => {
  mkdirSync(at('folder'));
  writeFileSync(at('a'), '');
  expect(['folder', 'a', 'b', 'a/b'].map((path) => host.kindOf(path))).toEqual([
    'folder',
    'file',
    'missing',
    'missing',
  ]);
});

test('an unknown error keeps its own words', () => {
  expect(describeSystemError(new Error('strange'))).toBe('strange');
  expect(describeSystemError(Object.assign(new Error('x'), { code: 'ENOSPC' }))).toBe(
    'the disk is full',
  );
});
