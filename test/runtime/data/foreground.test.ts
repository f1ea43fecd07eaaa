import { describe, expect, test } from '@jest/globals';
import type { AugmentationName } from '../../../src/ir/recipe.js';
import { compileText } from '../../../src/compile.js';
import type { Warp } from '../../../src/runtime/data/augment/augmentation.js';
import { buildAugmentation } from '../../../src/runtime/data/augment/build.js';
import { drawAugmentations } from '../../../src/runtime/data/augment/draw.js';
import { drawForeground, placeAround } from '../../../src/runtime/data/foreground.js';
import {
  createClassMask,
  createPixels,
  IGNORED,
  type ClassMask,
} from '../../../src/runtime/data/pixels.js';
import { makeTrainingSample } from '../../../src/runtime/data/training-sample.js';
import { Random } from '../../../src/runtime/random.js';
import { planScaling } from '../../../src/ir/scaling.js';
import { call } from './support/axes.js';

/** A large mask with one pixel of class 1, a square of class 2, and some without a class. */
function rare(): ClassMask {
  const mask = createClassMask(60, 80);
  mask.data[20 * 80 + 33] = 1;
  for (let y = 40; y < 50; y++) mask.data.fill(2, y * 80 + 50, y * 80 + 60);
  mask.data.fill(IGNORED, 0, 80);
  return mask;
}

const warpOf = (
  seed: number,
  ...names: (readonly [AugmentationName, object])[]
): Warp | undefined =>
  drawAugmentations(
    names.map(([name, options]) =>
      buildAugmentation(call(name, options as Record<string, unknown>)),
    ),
    new Random(seed),
    { height: 60, width: 80 },
  ).warp;

describe('foreground that a crop is to hold', () => {
  test('is drawn for a share of the samples, each class as often as the other', () => {
    const mask = rare();
    const counts = [0, 0, 0];
    for (let seed = 0; seed < 600; seed++) {
      const at = drawForeground(mask, undefined, 0.5, new Random(seed));
      counts[at === undefined ? 0 : mask.data[at.y * 80 + at.x]!]!++;
    }
    for (const [index, share] of [0.5, 0.25, 0.25].entries()) {
      expect(Math.abs(counts[index]! / 600 - share)).toBeLessThan(0.06);
    }
  });

  test('is none where the mask has none', () => {
    const empty = createClassMask(4, 4);
    empty.data[3] = IGNORED;
    expect(drawForeground(empty, undefined, 1, new Random(1))).toBeUndefined();
    expect(drawForeground(rare(), undefined, 0, new Random(1))).toBeUndefined();
  });

  test.each([
    ['turned and enlarged', ['rotate', { degrees: 180 }], ['scale', { amount: 0.3 }]],
    ['mirrored and moved', ['flip', { axes: 'both' }], ['shift', { amount: 0.2 }]],
    ['bent', ['elastic', { sigma: 3, grid: 3 }], ['rotate', { degrees: 20 }]],
  ] as const)('is found where an image that is %s shows it', (_how, first, second) => {
    const mask = rare();
    for (let seed = 0; seed < 40; seed++) {
      const warp = warpOf(seed, first, second);
      const at = drawForeground(mask, warp, 1, new Random(seed))!;
      const from = { ...at };
      warp?.(from);
      const isRim = at.y === 0 || at.x === 0 || at.y === 59 || at.x === 79;
      const found = mask.data[Math.round(from.y) * 80 + Math.round(from.x)];
      if (!isRim) expect([1, 2]).toContain(found);
    }
  });

  test('lies anywhere in the crop, which stays in the image', () => {
    const starts = Array.from({ length: 200 }, (_, seed) =>
      placeAround(30, 80, 16, new Random(seed)),
    );
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([15, 30]);
    expect(placeAround(1, 80, 16, new Random(3))).toBe(0);
    expect(placeAround(79, 80, 16, new Random(3))).toBeLessThanOrEqual(64);
    expect(placeAround(2, 10, 16, new Random(3))).toBe(-3);
  });
});

describe('samples', () => {
  const axis = { input: 16, margin: 0, cover: 16, output: 16 };
  const share = (foreground: number): number => {
    const pair = { name: 'a', pixels: createPixels(60, 80, 1), mask: rare() };
    const held = Array.from({ length: 200 }, (_, seed) => {
      const { mask } = makeTrainingSample(
        pair as Parameters<typeof makeTrainingSample>[0],
        { vertical: axis, horizontal: axis },
        {
          ...{ policy: { kind: 'crop', height: 16, width: 16 }, randomCrops: true, foreground },
          augmentations: [
            buildAugmentation(call('rotate90', {})),
            buildAugmentation(call('flip', { axes: 'both' })),
          ],
          scaling: planScaling(call('unit', {}), 1),
        },
        new Random(seed),
      );
      return mask.some((each) => each > 0);
    });
    return held.filter(Boolean).length / held.length;
  };

  test('hold foreground as often as asked for', () => {
    expect(share(1)).toBe(1);
    const [none, half] = [share(0), share(0.5)];
    expect(half).toBeGreaterThan(none + 0.3);
    expect(half).toBeLessThan(0.9);
  });
});

test('where images are not cut, the option has no effect, and that is told', () => {
  const text = (sizes: string): string => `model Test {
  input image: [H, W, 1]
  wires { a = image -> conv(2) }
  head mask: a -> conv(1, 1)
}
train Test { foreground: 0.3, sizes: ${sizes} }
`;
  const codes = (sizes: string): readonly string[] =>
    compileText('test.unet', text(sizes)).diagnostics.map(({ code }) => code);
  expect(codes('crop(32)')).toEqual([]);
  expect(codes('tile(32, overlap: 8)')).toEqual([]);
  expect(codes('pad')).toEqual(codes('resize(32)'));
  expect(codes('pad')).toHaveLength(1);
});
