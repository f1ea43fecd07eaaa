import { expect, test } from '@jest/globals';
import { describeSummary } from '../../../src/runtime/data/describe-summary.js';
import type { SplitSummary } from '../../../src/runtime/data/summary.js';

/** As run folders hold it that were made before heads had targets of their own. */
const older: SplitSummary = {
  name: 'train',
  pairs: 2,
  sizes: { height: [8, 8], width: [8, 8], count: 1 },
  images: [{ channels: 1, alpha: false, depth: 8, images: 2, low: 0, high: 255 }],
  transparentImages: 0,
  pixels: 128,
  inColour: false,
  levels: [],
  hasMoreLevels: false,
  plainMasks: 0,
  classes: [96, 32],
  classMasks: [2, 2],
  ignoredPixels: 0,
  emptyMasks: 0,
};

test('a summary of an older run folder is described', () => {
  expect(describeSummary(older, ['ground', 'cell'])).toEqual([
    'train: 2 pairs of 8 x 8 pixels; grey, 8 bits, values 0 to 255',
    'classes: ground 75.0 %, cell 25.0 %',
    expect.any(String),
  ]);
});
