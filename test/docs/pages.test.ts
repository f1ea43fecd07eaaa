import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { compileText } from '../../src/compile.js';

/** Whole specs in the chapters beside the reference, and in the README. */
const pages = [
  'README.md',
  'docs/data.md',
  'docs/encoders.md',
  'docs/heads.md',
  'docs/losses.md',
  'docs/tour.md',
  'docs/weights.md',
];
const specs = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```unet\n([^]*?)^```$/gm)].map((match, index) => ({
    title: `${page}, example ${index + 1}`,
    text: match[1]!,
  })),
);

describe.each(specs)('$title', ({ text }) => {
  test('compiles without a word', () => {
    expect(compileText('page.unet', text).diagnostics).toEqual([]);
  });
});

test('there are examples', () => {
  expect(specs.length).toBeGreaterThan(1);
});
