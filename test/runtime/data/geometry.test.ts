import { expect, test } from '@jest/globals';
import type { AxisSizes } from '../../../src/ir/recipe.js';
import { geometryCovering } from '../../../src/runtime/data/geometry.js';

const axisOf = (outputSize: (input: number) => number): AxisSizes => ({
  isLegal: () => true,
  legalAtLeast: (size) => Math.max(1, size),
  legalAtMost: (size) => (size >= 1 ? size : undefined),
  outputSize: (_output, input) => outputSize(input),
});

test('an output of one pixel covers one pixel, and no larger image', () => {
  const pooled = axisOf(() => 1);
  expect(geometryCovering(pooled, 'any', 1)).toMatchObject({ cover: 1 });
  expect(geometryCovering(pooled, 'any', 32)).toBeUndefined();
});

test('an output that loses a border covers what a larger input leaves', () => {
  const cropped = axisOf((input) => input - 184);
  expect(geometryCovering(cropped, 'mask', 10)).toMatchObject({ input: 194, cover: 10 });
});
