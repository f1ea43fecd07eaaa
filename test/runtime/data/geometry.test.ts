import { expect, test } from '@jest/globals';
import type { AxisSizes } from '../../../src/ir/recipe.js';
import { geometryCovering, meetsPixels } from '../../../src/ir/sizes/geometry.js';
import { batchGeometry } from '../../../src/runtime/data/training-sample.js';
import { plane } from './support/axes.js';

const axisOf = (outputSize: (input: number) => number): AxisSizes => ({
  isLegal: () => true,
  legalAtLeast: (size) => Math.max(1, size),
  legalAtMost: (size) => (size >= 1 ? size : undefined),
  outputSize: (_output, input) => outputSize(input),
});

test.each([1, 8])('an output of %i pixels, whatever the input, stands for all of it', (output) => {
  const pooled = axisOf(() => output);
  for (const input of [1, 32, 1000]) {
    expect(geometryCovering(pooled, 'any', input)).toEqual({
      ...{ input, margin: 0, cover: input },
      output,
    });
  }
});

test('masks that a classification of the image is compared with are as large as the input', () => {
  const sizes = plane(axisOf(() => 1));
  const images = [
    { height: 5, width: 9 },
    { height: 8, width: 3 },
  ];
  const masks = batchGeometry({ kind: 'pad' }, { ...sizes, classifiesImages: true }, images);
  expect(masks).toMatchObject({ vertical: { output: 8 }, horizontal: { output: 9 } });
  expect(batchGeometry({ kind: 'pad' }, sizes, images)).toMatchObject({ vertical: { output: 1 } });
});

test.each([
  [12, 12, true],
  [6, 12, true],
  [13, 12, false],
  [7.5, 12, false],
])('an output that stands for %d of %d pixels meets them: %p', (covered, input, isMet) => {
  expect(meetsPixels(covered, input)).toBe(isMet);
});

test('an output that loses a border covers what a larger input leaves', () => {
  const cropped = axisOf((input) => input - 184);
  expect(geometryCovering(cropped, 'mask', 10)).toMatchObject({ input: 194, cover: 10 });
});
