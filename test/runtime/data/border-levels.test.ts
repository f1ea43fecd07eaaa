import { expect, test } from '@jest/globals';
import { borderLevels } from '../../../src/runtime/data/border-levels.js';
import { drawMask, pictureOf } from '../post/support.js';

const after = (width: number, ...lines: readonly string[]): readonly string[] =>
  pictureOf(borderLevels(drawMask(...lines), width));

test('the outermost pixels of objects are borders, those at the edge of the image are not', () => {
  expect(after(1, '77777', '77777', '77777', '.....', '44444', '44444')).toEqual([
    ...['11111', '11111', '22222', '.....', '22222', '11111'],
  ]);
});

test('objects that touch have borders on both sides, and so have those that touch with a corner', () => {
  expect(after(1, '7777', '7777', '7744', '7744')).toEqual(['1111', '1222', '1222', '1221']);
});

test('wider borders reach further', () => {
  expect(after(2, '777777', '......')).toEqual(['222222', '......']);
  expect(after(2, '777.....777')).toEqual(['122.....221']);
});
