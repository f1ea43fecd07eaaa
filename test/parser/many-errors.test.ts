import { expect, test } from '@jest/globals';
import { parse } from '../../src/parser/parse.js';
import { sourceOf } from './trees.js';

const count = 2500;
const each = (text: (index: number) => string, separator = '\n'): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(separator);
const model = (body: string): string => `model M {\n  input image: [H, W, 1]\n${body}\n}\n`;

/** Thousands of one mistake: they once filled the stack, or took a minute. */
const mistakes: readonly (readonly [string, string])[] = [
  ['imports without names', each((i) => `import "./a${i}"`)],
  ['imports with two names', each((i) => `import a${i} b from "./a"`)],
  ['heads without a colon', model(each((i) => `  head h${i} image -> conv(1, 1)`))],
  ['wires without an equals sign', model(`wires {\n${each((i) => `w${i} image -> relu`)}\n}`)],
  ['lists without commas', model(`wires {\n${each(() => 'w = [image image]')}\n}`)],
  ['arguments without commas', model(`wires { w = image -> conv(${each(() => '1 2', ', ')}) }`)],
  ['parameters without a colon', `block b(${each((i) => `p${i} int`, ', ')}) = relu`],
  ['parameters of two types', `block b(${each((i) => `p${i}: int int`, ', ')}) = relu`],
  ['brackets of nothing', each(() => '[ ] -> x')],
];

test.each(mistakes)('%s, thousands of times', (_, text) => {
  const { diagnostics } = parse(sourceOf(text));
  expect(diagnostics[0]?.code).toMatch(/^UNET1/);
  const isOutside = diagnostics.filter(
    ({ span }) => span.end > text.length || span.start > span.end,
  );
  expect(isOutside).toEqual([]);
});

test('what stands before many mistakes is read', () => {
  const { value } = parse(sourceOf(`${model('')}${mistakes[0]![1]}`));
  expect(value.file.sections[0]?.name?.text).toBe('M');
});
