import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import type { AugmentationName } from '../../../src/ir/recipe.js';
import type { Augmentation, Warp } from '../../../src/runtime/data/augment/augmentation.js';
import { compileText } from '../../../src/compile.js';
import { turnHue } from '../../../src/runtime/data/augment/colour.js';
import { turnWindow } from '../../../src/runtime/data/augment/rotate90.js';
import { buildAugmentation } from '../../../src/runtime/data/augment/build.js';
import {
  drawAugmentations,
  placesOf,
  samplePixels,
} from '../../../src/runtime/data/augment/draw.js';
import { createPixels, type Pixels } from '../../../src/runtime/data/pixels.js';
import { Random } from '../../../src/runtime/random.js';
import { call } from './support/axes.js';

function build(name: AugmentationName, options: Record<string, unknown>): Augmentation {
  return buildAugmentation(call(name, options));
}

function picture(height: number, width: number, channels = 1): Pixels {
  const pixels = createPixels(height, width, channels);
  pixels.data.forEach((_, i) => (pixels.data[i] = ((i * 7919) % 257) / 256));
  return pixels;
}

function apply(augmentations: readonly Augmentation[], image: Pixels, seed: number): Pixels {
  const { warp, retouches } = drawAugmentations(augmentations, new Random(seed), image);
  const result = samplePixels(image, placesOf(warp ?? (() => undefined), image), image);
  for (const retouch of retouches) retouch(result);
  return result;
}

const values = (pixels: Pixels): number[] => [...pixels.data];

describe('flip', () => {
  const image = picture(3, 4);
  const row = (y: number): number[] => values(image).slice(4 * y, 4 * y + 4);
  it('mirrors exactly along the axis asked for, for half of the samples', () => {
    const across = [0, 1, 2].flatMap((y) => row(y).reverse()).join();
    const down = [2, 1, 0].flatMap(row).join();
    const seen = (axes: string): Set<string> =>
      new Set(
        Array.from({ length: 40 }, (_, seed) =>
          values(apply([build('flip', { axes })], image, seed)).join(),
        ),
      );
    expect(seen('horizontal')).toEqual(new Set([values(image).join(), across]));
    expect(seen('vertical')).toEqual(new Set([values(image).join(), down]));
  });

  it('both: all four outcomes occur, about equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++) {
      const key = values(apply([build('flip', { axes: 'both' })], image, seed)).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(4);
    for (const count of counts.values()) expect(count).toBeGreaterThan(60);
  });
});

describe('rotate', () => {
  it('turns the content by the drawn angle, anticlockwise for positive angles', () => {
    const frame = { height: 21, width: 21 };
    const { warp } = drawAugmentations([build('rotate', { degrees: 90 })], new Random(1), frame);
    const angle = new Random(1).fork('augmentation 0').uniform(-Math.PI / 2, Math.PI / 2);
    const at = { y: 10 - 8 * Math.sin(angle), x: 10 + 8 * Math.cos(angle) };
    warp!(at);
    expect(at.y).toBeCloseTo(10, 9);
    expect(at.x).toBeCloseTo(18, 9);
  });

  it('stays within the limit', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { warp } = drawAugmentations([build('rotate', { degrees: 15 })], new Random(seed), {
        height: 101,
        width: 101,
      });
      const at = { y: 50, x: 90 };
      warp!(at);
      expect(Math.hypot(at.y - 50, at.x - 50)).toBeCloseTo(40, 9);
      expect(Math.abs(Math.atan2(at.y - 50, at.x - 50))).toBeLessThanOrEqual((15 * Math.PI) / 180);
    }
  });
});

describe('scale and shift', () => {
  it('scale moves places by one factor about the centre, within the limits', () => {
    const factors: number[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const frame = { height: 11, width: 21 };
      const { warp } = drawAugmentations([build('scale', { amount: 1 })], new Random(seed), frame);
      const at = { y: 9, x: 14 };
      warp!(at);
      expect((at.y - 5) / (at.x - 10)).toBeCloseTo(1, 9);
      factors.push(4 / (at.y - 5));
    }
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...factors)).toBeLessThanOrEqual(2);
    expect(factors.filter((factor) => factor < 1).length).toBeGreaterThan(70);
    expect(factors.filter((factor) => factor > 1).length).toBeGreaterThan(70);
  });

  it('shift moves whole pixels, at most the fraction', () => {
    const image = picture(20, 10);
    const starts = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      const { warp } = drawAugmentations(
        [build('shift', { amount: 0.2 })],
        new Random(seed),
        image,
      );
      const at = { y: 10, x: 5 };
      warp?.(at);
      expect(Number.isInteger(at.y) && Number.isInteger(at.x)).toBe(true);
      expect(Math.abs(at.y - 10)).toBeLessThanOrEqual(4);
      expect(Math.abs(at.x - 5)).toBeLessThanOrEqual(2);
      starts.add(`${at.y},${at.x}`);
    }
    expect(starts.size).toBeGreaterThan(20);
  });
});

describe('elastic', () => {
  const displacement = (sigma: number, seed: number, y: number, x: number): number => {
    const frame = { height: 101, width: 101 };
    const drawn = drawAugmentations(
      [build('elastic', { sigma, grid: 3 })],
      new Random(seed),
      frame,
    );
    const at = { y, x };
    drawn.warp!(at);
    return at.y - y;
  };

  it('displaces the nodes of the grid by sigma', () => {
    const moves = Array.from({ length: 400 }, (_, seed) => displacement(10, seed, 50, 50));
    const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
    const deviation = Math.sqrt(moves.reduce((sum, move) => sum + (move - mean) ** 2, 0) / 400);
    expect(Math.abs(mean)).toBeLessThan(2);
    expect(deviation).toBeGreaterThan(8.5);
    expect(deviation).toBeLessThan(11.5);
  });

  it('is smooth: no kink at the nodes', () => {
    for (let seed = 0; seed < 20; seed++) {
      const slope = (x: number): number =>
        (displacement(10, seed, 30, x + 0.01) - displacement(10, seed, 30, x)) / 0.01;
      expect(slope(49.985)).toBeCloseTo(slope(50.005), 1);
    }
  });

  it('with sigma 0 changes nothing, also on an image of one pixel', () => {
    for (const image of [picture(9, 7, 3), picture(1, 1)]) {
      const result = apply([build('elastic', { sigma: 0, grid: 4 })], image, 5);
      result.data.forEach((value, i) => expect(value).toBeCloseTo(image.data[i]!, 6));
    }
  });
});

describe('changes of values', () => {
  const strong: readonly (readonly [AugmentationName, Record<string, unknown>])[] = [
    ['brightness', { amount: 0.9 }],
    ['contrast', { amount: 1 }],
    ['gamma', { amount: 1 }],
    ['noise', { sigma: 0.8 }],
    ['blur', { sigma: 4 }],
  ];

  it.each(strong)('%s keeps values within 0 and 1 and does change them', (name, options) => {
    let changed = 0;
    for (let seed = 0; seed < 30; seed++) {
      const image = picture(6, 5, 3);
      const result = apply([build(name, options)], image, seed);
      for (const value of result.data) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      if (result.data.some((value, i) => Math.abs(value - image.data[i]!) > 0.02)) changed++;
    }
    expect(changed).toBeGreaterThan(20);
  });

  it('brightness adds one number; contrast keeps the mean; gamma keeps 0, 1 and the order', () => {
    const image = createPixels(1, 4, 1);
    image.data.set([0.4, 0.45, 0.55, 0.6]);
    const brighter = apply([build('brightness', { amount: 0.3 })], image, 3);
    const added = brighter.data[0]! - image.data[0]!;
    expect(Math.abs(added)).toBeGreaterThan(0.001);
    brighter.data.forEach((value, i) => expect(value - image.data[i]!).toBeCloseTo(added, 6));
    const harder = apply([build('contrast', { amount: 0.5 })], image, 3);
    expect(harder.data.reduce((sum, value) => sum + value, 0) / 4).toBeCloseTo(0.5, 6);
    expect(harder.data[3]! - harder.data[0]!).not.toBeCloseTo(0.2, 2);
    image.data.set([0, 0.25, 0.5, 1]);
    const curved = values(apply([build('gamma', { amount: 1 })], image, 3));
    const exponent = Math.log(curved[1]!) / Math.log(0.25);
    expect(exponent).toBeGreaterThanOrEqual(0.5);
    expect(exponent).toBeLessThanOrEqual(2);
    expect([curved[0], curved[3]]).toEqual([0, 1]);
    expect(curved[2]).toBeCloseTo(0.5 ** exponent, 6);
  });

  it('noise has at most the stated deviation', () => {
    const grey = createPixels(64, 64, 1);
    grey.data.fill(0.5);
    const deviations = Array.from({ length: 20 }, (_, seed) => {
      const { data } = apply([build('noise', { sigma: 0.05 })], grey, seed);
      return Math.sqrt(data.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / data.length);
    });
    expect(Math.max(...deviations)).toBeLessThan(0.053);
    expect(Math.max(...deviations)).toBeGreaterThan(0.03);
  });
});

test('the option probability leaves a part of the samples alone, and moves no other draw', () => {
  const image = picture(8, 8);
  const always = build('brightness', { amount: 0.2, probability: 1 });
  const rarely = build('brightness', { amount: 0.2, probability: 0.25 });
  let changed = 0;
  for (let seed = 0; seed < 400; seed++) {
    const result = values(apply([rarely], image, seed));
    if (result.join() === values(image).join()) continue;
    changed++;
    expect(result).toEqual(values(apply([always], image, seed)));
  }
  expect(changed).toBeGreaterThan(70);
  expect(changed).toBeLessThan(130);
});

describe('a list of augmentations', () => {
  it('takes effect in order', () => {
    const frame = { height: 9, width: 9 };
    const flip: Augmentation = {
      kind: 'warp',
      draw: (): Warp => (at) => {
        at.x = 8 - at.x;
      },
    };
    const right: Augmentation = {
      kind: 'warp',
      draw: (): Warp => (at) => {
        at.x -= 2;
      },
    };
    const column = (order: readonly Augmentation[]): number => {
      const image = createPixels(9, 9, 1);
      image.data[1] = 1;
      const { warp } = drawAugmentations(order, new Random(1), frame);
      return samplePixels(image, placesOf(warp!, frame), frame).data.indexOf(1);
    };
    // Column 1: moved to 3, then mirrored to 5; or mirrored to 7, then moved off and mirrored in.
    expect(column([right, flip])).toBe(5);
    expect(column([flip, right])).not.toBe(5);
  });

  it('draws the same for the same seed, and each member for itself', () => {
    const image = picture(16, 12, 2);
    const shift = build('shift', { amount: 0.3 });
    const noise = build('noise', { sigma: 0.2 });
    expect(values(apply([shift, noise], image, 9))).toEqual(
      values(apply([shift, noise], image, 9)),
    );
    expect(values(apply([shift, noise], image, 9))).not.toEqual(
      values(apply([shift, noise], image, 10)),
    );
    const alone = drawAugmentations([shift], new Random(9), image);
    const together = drawAugmentations([shift, noise], new Random(9), image);
    const [a, b] = [
      { y: 1, x: 1 },
      { y: 1, x: 1 },
    ];
    alone.warp!(a);
    together.warp!(b);
    expect(a).toEqual(b);
  });

  it('any composition of warps gives finite values from the image', () => {
    const size = fc.integer({ min: 1, max: 12 });
    const all = [
      build('flip', { axes: 'both' }),
      build('rotate', { degrees: 180 }),
      build('scale', { amount: 4 }),
      build('shift', { amount: 1 }),
      build('elastic', { sigma: 30, grid: 3 }),
    ];
    fc.assert(
      fc.property(size, size, fc.nat(10000), (height, width, seed) => {
        for (const value of apply(all, picture(height, width, 2), seed).data) {
          expect(value >= 0 && value <= 1).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('rotate90', () => {
  const turnedBy = (quarters: number, size: readonly [number, number]): number[] => {
    const [height, width] = size;
    const image = picture(height, width);
    const turn = turnWindow(quarters, { top: 0, left: 0, height, width });
    return values(samplePixels(image, placesOf(turn ?? (() => undefined), image), image));
  };
  const rows = (list: readonly number[], width: number): number[][] =>
    Array.from({ length: list.length / width }, (_, y) => list.slice(y * width, (y + 1) * width));

  it('moves pixels and makes no new values, whether sides are odd or even', () => {
    for (const side of [4, 5]) {
      const image = rows(values(picture(side, side)), side);
      const once = image[0]!.map((_, x) => image.map((row) => row[x]!)).reverse();
      const [first, ...others] = [1, 2, 3].map((quarters) =>
        rows(turnedBy(quarters, [side, side]), side),
      );
      const back = image[0]!.map((_, x) => image.map((row) => row[x]!).reverse());
      expect([once, back]).toContainEqual(first);
      expect(others[0]).toEqual(image.map((row) => [...row].reverse()).reverse());
      expect(others[1]).toEqual(first!.map((row) => [...row].reverse()).reverse());
      expect(turnedBy(4, [side, side])).toEqual(image.flat());
    }
  });

  it('turns a window that is not square by halves alone', () => {
    const image = values(picture(3, 4));
    const half = [...image].reverse();
    expect([0, 1, 2, 3].map((quarters) => turnedBy(quarters, [3, 4]))).toEqual([
      image,
      half,
      image,
      half,
    ]);
  });

  it('draws all four as often', () => {
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const frame = { height: 4, width: 4 };
      counts[drawAugmentations([build('rotate90', {})], new Random(seed), frame).quarters]!++;
    }
    for (const count of counts) expect(count).toBeGreaterThan(60);
  });
});

describe('colours', () => {
  const pixel = (...data: number[]): Pixels => ({
    ...{ height: 1, width: data.length / 3, channels: 3 },
    data: Float32Array.from(data),
  });
  const spread = (list: readonly number[]): number => Math.max(...list) - Math.min(...list);

  it('a hue that is turned keeps value and saturation, and grey stays grey', () => {
    const image = pixel(0.9, 0.3, 0.1, 0.5, 0.5, 0.5, 0.1, 0.2, 0.8);
    for (let seed = 0; seed < 20; seed++) {
      const found = values(apply([build('hue', { amount: 0.5, probability: 1 })], image, seed));
      for (const at of [0, 3, 6]) {
        const [own, turned] = [values(image).slice(at, at + 3), found.slice(at, at + 3)];
        expect(Math.max(...turned)).toBeCloseTo(Math.max(...own), 6);
        expect(spread(turned)).toBeCloseTo(spread(own), 6);
      }
    }
  });

  it('a third of the circle takes red to green; another saturation has the same grey', () => {
    const image = pixel(0.9, 0.3, 0.1);
    const third = values(image);
    turnHue(image.data, 0, 2);
    expect([...image.data]).toEqual(
      [third[2], third[0], third[1]].map((each) => expect.closeTo(each!, 6)),
    );
    const greys = Array.from({ length: 30 }, (_, seed) => {
      const [red, green, blue] = values(
        apply([build('saturation', { amount: 0.5, probability: 1 })], pixel(0.6, 0.4, 0.3), seed),
      );
      return 0.299 * red! + 0.587 * green! + 0.114 * blue!;
    });
    for (const grey of greys) expect(grey).toBeCloseTo(0.299 * 0.6 + 0.587 * 0.4 + 0.114 * 0.3, 6);
  });

  it('are those of images with three channels', () => {
    const text = `model Grey { input image: [H, W, 1], wires { a = image -> conv(2) }, head mask: a -> conv(1, 1) }
train { augment: [hue, saturation(0.3), flip] }`;
    const { diagnostics } = compileText('test.unet', text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET3064', 'UNET3064']);
  });
});

describe('cutout', () => {
  it('fills squares with the mean, and leaves all other pixels', () => {
    const image = picture(20, 30, 2);
    const means = [0, 1].map((c) => {
      const own = values(image).filter((_, i) => i % 2 === c);
      return own.reduce((sum, each) => sum + each, 0) / own.length;
    });
    const sizes = new Set<number>();
    for (let seed = 0; seed < 30; seed++) {
      const cut = build('cutout', { size: 0.5, count: 1, probability: 1 });
      const found = values(apply([cut], image, seed));
      const changed = found.flatMap((each, i) => (each === values(image)[i] ? [] : [i]));
      for (const i of changed) expect(found[i]).toBeCloseTo(means[i % 2]!, 6);
      sizes.add(changed.length);
    }
    // A whole square has 10 x 10 pixels, those at the border fewer.
    expect(Math.max(...sizes)).toBe(200);
    expect(sizes.size).toBeGreaterThan(3);
  });
});
