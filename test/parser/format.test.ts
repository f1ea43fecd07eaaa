import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { formatText } from '../../src/parser/format/format.js';
import { commentsOf, samples, sourceOf, treeOf } from './trees.js';

const format = (text: string): string => formatText(sourceOf(text)).value;

/** Compares with `formatted/<name>`; `UPDATE_GOLDEN=1` rewrites it, a plain run never does. */
function expectFile(name: string, text: string): void {
  const file = new URL(`formatted/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : `${name} is missing`).toBe(text);
}

describe.each(samples)('$name', ({ name, text }) => {
  const formatted = format(text);

  test('is laid out as expected', () => expectFile(name.replace(' with CRLF', ''), formatted));
  test('keeps its tree', () => expect(treeOf(formatted)).toEqual(treeOf(text)));
  test('keeps its comments', () => expect(commentsOf(formatted)).toEqual(commentsOf(text)));
  test('does not change again', () => expect(format(formatted)).toBe(formatted));
  test('has neat lines', () => {
    expect(formatted).toMatch(/[^\n]\n$/);
    expect(formatted).not.toMatch(/[ \t]\n|\r|\n\n\n|^\uFEFF/);
  });
});

test.each([
  ['', ''],
  ['\uFEFF', ''],
  [' \n\n\t\n', ''],
  ['// only a comment', '// only a comment\n'],
  ['\n\n// two\n\n\n\n//comments  \n\n', '// two\n\n//comments\n'],
  ['model A{}\r\rmodel B{}', 'model A {}\n\nmodel B {}\n'],
  ['model A {} // a\n// b\n', 'model A {} // a\n\n// b\n'],
])('%j becomes %j', (text, expected) => expect(format(text)).toBe(expected));

test.each([
  ['(a)', 'a'],
  ['((a + b)) + c', 'a + b + c'],
  ['a + (b + c)', 'a + (b + c)'],
  ['(a * b) + c', 'a * b + c'],
  ['a * (b + c)', 'a * (b + c)'],
  ['a-(b-c)', 'a - (b - c)'],
  ['-(a)', '-a'],
  ['-(-a)', '-(-a)'],
  ['-(a.b)', '-a.b'],
  ['(-a).b', '(-a).b'],
  ['(-a) * b', '-a * b'],
  ['-(a * b)', '-(a * b)'],
  ['not (a == b)', 'not a == b'],
  ['(not a) == b', '(not a) == b'],
  ['(a < b) < c', '(a < b) < c'],
  ['(a and b) or c', 'a and b or c'],
  ['a and (b or c)', 'a and (b or c)'],
  ['(a or b) -> c', 'a or b -> c'],
  ['(a -> b) -> c', '(a -> b) -> c'],
  ['(a -> b) if c', 'a -> b if c'],
  ['a -> (b if c)', 'a -> (b if c)'],
  ['(a if b) if c', '(a if b) if c'],
  ['a if (b if c)', 'a if (b if c)'],
  ['a if b else (c if d else e)', 'a if b else c if d else e'],
  ['(a if b) + c', '(a if b) + c'],
  ['[(a -> b), (c if d)]', '[a -> b, c if d]'],
  ['f((a -> b), g : (c))', 'f(a -> b, g: c)'],
  ['1_000 + 1.50 + 2e-3', '1_000 + 1.50 + 2e-3'],
])('%s is written as %s', (written, expected) => {
  expect(format(`block b() = ${written}`)).toBe(`block b() = ${expected}\n`);
});

test('a value with blanks in its strings keeps them', () => {
  const text = 'block b() = f("a  b   ")\n';
  expect(format(text)).toBe(text);
});

test('a comment does not count for the width', () => {
  const text = `model A {\n  stage: conv(3) -> relu // ${'x'.repeat(200)}\n}\n`;
  expect(format(text)).toBe(text);
});

test('a file with mistakes is not touched', () => {
  const text = 'model   A  {\n   stage:   \n}\n';
  const { value, diagnostics } = formatText(sourceOf(text));
  expect(value).toBe(text);
  expect(diagnostics).toHaveLength(1);
});

test('a sum of ten thousand terms has no depth', () => {
  const text = `block b() = ${Array.from({ length: 10_000 }, (_, index) => index).join(' + ')}`;
  const formatted = format(text);
  expect(format(formatted)).toBe(formatted);
});

test.each([
  ['a section called "for" before another', 'M{s{}d l for x\nw()}'],
  ['a section called "for" alone', 'M{s{}d l for\nx w()}'],
  ['a section called "import" before another', 'a b import z q {}'],
  ['sections called "for" on one line', 'M{s{}d l for x w()}'],
])('%s keeps its meaning', (_what, text) => {
  const { value: formatted, diagnostics } = formatText(sourceOf(text));
  expect(diagnostics).toEqual([]);
  expect(treeOf(formatted)).toEqual(treeOf(text));
  expect(format(formatted)).toBe(formatted);
});

test.each([
  ['members', `model M {${'a b\n'.repeat(45_000)}}`],
  ['items', `model M { a: [${'1, '.repeat(45_000)}1] }`],
  ['steps', `model M { a = b${' -> c'.repeat(45_000)} }`],
])('as many %s as a file may have are laid out', (_what, text) => {
  expect(formatText(sourceOf(text)).diagnostics).toEqual([]);
});
