import { posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { posixPaths, relativePath } from '../src/paths.js';

const part = fc.constantFrom('a', 'b', 'c.unet', '.', '..', '', 'mit Umlaut ä', 'x#y?z%41');
const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));
const absolute = path.map((each) => `/${each}`);

describe('paths of hosts in memory are those of Unix', () => {
  test('resolve and dirname', () => {
    fc.assert(
      fc.property(absolute, path, (folder, each) => {
        expect(posixPaths.resolve(folder, each)).toBe(posix.resolve(folder, each));
        const whole = posix.resolve(folder, each);
        expect(posixPaths.dirname(whole)).toBe(posix.dirname(whole));
      }),
    );
  });

  test('the way from a folder to a path leads there', () => {
    fc.assert(
      fc.property(absolute, absolute, (folder, each) => {
        const [from, to] = [posix.resolve(folder), posix.resolve(each)];
        expect(relativePath(from, to)).toBe(posix.relative(from, to));
      }),
    );
  });

  test('what lies inside', () => {
    const inside = (folder: string, each: string): boolean => posixPaths.isInside(folder, each);
    expect(inside('/a', '/a')).toBe(true);
    expect(inside('/a', '/a/b')).toBe(true);
    expect(inside('/', '/a')).toBe(true);
    expect(inside('/a', '/ab')).toBe(false);
    expect(inside('/a', '/a/../b')).toBe(false);
  });

  test('addresses of files lead back, and are those that Node reads', () => {
    fc.assert(
      fc.property(absolute, (each) => {
        const whole = posix.resolve(each);
        expect(posixPaths.fromUri(posixPaths.toUri(whole))).toBe(whole);
        expect(fileURLToPath(posixPaths.toUri(whole))).toBe(whole);
        expect(posixPaths.fromUri(pathToFileURL(whole).href)).toBe(whole);
      }),
    );
    expect(posixPaths.fromUri('untitled:Untitled-1')).toBeUndefined();
    expect(posixPaths.fromUri('file:///%zz')).toBeUndefined();
  });
});
