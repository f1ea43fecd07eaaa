import { describe, expect, test } from '@jest/globals';
import type { PlaneSizes } from '../../../src/ir/sizes/geometry.js';
import type { ExactPart, TilingRules } from '../../../src/runtime/data/tiling.js';
import { commonSizes, commonTiling } from '../../../src/runtime/prediction/common-sizes.js';
import { describeNetwork } from '../../../src/runtime/training/network-interface.js';
import { compiled } from '../training/support.js';

/** A U-Net of some levels; without padding it takes margins off, with `floor` it takes odd sizes. */
const sizesOf = (levels: number, padding = 'same', input = 'H, W, 1'): PlaneSizes => {
  const widths = Array.from({ length: levels }, (_, level) => 2 + level).join(', ');
  const run = compiled(`
model Net {
  input image: [${input}]
  encoder plain {
    widths: [${widths}]
    stage: conv(width, 3, padding: ${padding}) -> relu
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat, align: crop }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: conv(width, 3, padding: ${padding}) -> relu
  }
  head mask: conv(1, 1) -> sigmoid
}
train Net { loss: bce }
`);
  return describeNetwork(run).sizes;
};

describe('sizes that several networks take', () => {
  test('are those of the one with more levels', () => {
    const [shallow, deep] = [sizesOf(2), sizesOf(4)];
    const { height } = commonSizes([shallow, deep])!;
    const legal = Array.from({ length: 65 }, (_, size) => size).filter((size) =>
      height.isLegal(size),
    );
    const expected = Array.from({ length: 65 }, (_, size) => size).filter(
      (size) => shallow.height.isLegal(size) && deep.height.isLegal(size),
    );
    expect(legal).toEqual(expected);
    expect(legal).toContain(64);
    for (let size = 1; size < 60; size++) {
      expect(height.legalAtLeast(size)).toBe(expected.find((each) => each >= size));
      expect(height.legalAtMost(size)).toBe(expected.findLast((each) => each <= size));
    }
    expect(height.outputSize('mask', 64)).toBe(64);
  });

  test('are none where outputs have other margins, or inputs other fixed sizes', () => {
    expect(commonSizes([sizesOf(2), sizesOf(2, 'valid')])).toBeUndefined();
    const [small, large] = [sizesOf(2, 'same', '64, 64, 1'), sizesOf(2, 'same', '96, 96, 1')];
    expect(commonSizes([small, large])).toBeUndefined();
    expect(commonSizes([small, sizesOf(3)])!.width.legalAtLeast(1)).toBe(64);
  });
});

test('tiles do for all networks', () => {
  const rules = (part: ExactPart | string, most: number, modulus: number): TilingRules => ({
    fits: (height) => height <= most,
    mayFit: (height) => height <= 2 * most,
    together: () => most,
    exactPart: () => part,
    modulus: { height: modulus, width: 2 * modulus },
  });
  const exact = commonTiling([
    rules({ begin: 3, end: 60 }, 4, 4),
    rules({ begin: 8, end: 50 }, 9, 6),
  ]);
  expect(exact.exactPart('height', 200, 64)).toEqual({ begin: 8, end: 50 });
  expect([
    exact.fits(4, 1, 1),
    exact.fits(5, 1, 1),
    exact.mayFit(8, 1),
    exact.mayFit(9, 1),
  ]).toEqual([...[true, false, true, false]]);
  expect([exact.together(1, 1), exact.modulus]).toEqual([4, { height: 12, width: 24 }]);
  const none = commonTiling([rules({ begin: 3, end: 60 }, 4, 4), rules('it sees all', 9, 8)]);
  expect(none.exactPart('width', 200, 64)).toBe('it sees all');
});
