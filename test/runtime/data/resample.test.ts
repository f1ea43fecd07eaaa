import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blurPixels } from '../../../src/runtime/data/gaussian.js';
import { createPixels, reflectIndex, reflectPosition } from '../../../src/runtime/data/pixels.js';
import { cutPixels, resizeMask, resizePixels } from '../../../src/runtime/data/resample.js';

const line = (...values: number[]) => ({
  height: 1,
  width: values.length,
  channels: 1,
  data: Float32Array.from(values),
});

describe('mirroring', () => {
  it('repeats without end, the rim not doubled', () => {
    const seen = (n: number): number[] =>
      Array.from({ length: 15 }, (_, i) => reflectIndex(i - 6, n));
    expect(seen(4)).toEqual([0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2]);
    expect(seen(2)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    expect(new Set(seen(1))).toEqual(new Set([0]));
  });

  it('positions agree with indices', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 40 }), (i, n) => {
        expect(reflectPosition(i, n)).toBe(reflectIndex(i, n));
      }),
    );
    expect(reflectPosition(-0.25, 4)).toBe(0.25);
    expect(reflectPosition(3.25, 4)).toBe(2.75);
  });

  it('fills a cut far beyond a small image', () => {
    expect([...cutPixels(line(1, 2, 3), 0, -5, 1, 12).data]).toEqual([
      2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3,
    ]);
    expect([...cutPixels(line(9), -2, -2, 3, 3).data]).toEqual(Array(9).fill(9));
  });
});

describe('resizing', () => {
  it('enlarges with half-pixel centres', () => {
    const values = [...resizePixels(line(0, 1), 1, 4).data];
    expect(values).toEqual([0, 0.25, 0.75, 1]);
  });

  it('shrinks without aliasing: a fine pattern becomes its mean', () => {
    const stripes = line(...Array.from({ length: 64 }, (_, i) => (i % 4 === 0 ? 1 : 0)));
    for (const value of resizePixels(stripes, 1, 8).data) expect(value).toBeCloseTo(0.25, 1);
  });

  it('keeps a constant image constant and inside its range at every size', () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(size, size, size, size, (h, w, toH, toW) => {
        const flat = createPixels(h, w, 2);
        flat.data.fill(0.625);
        const resized = resizePixels(flat, toH, toW);
        expect([resized.height, resized.width]).toEqual([toH, toW]);
        for (const value of resized.data) expect(value).toBeCloseTo(0.625, 6);
      }),
    );
  });

  it('masks take the nearest class and never a mixture', () => {
    const mask = { height: 1, width: 4, data: Uint8Array.of(0, 5, 5, 2) };
    expect([...resizeMask(mask, 1, 8).data]).toEqual([0, 0, 5, 5, 5, 5, 2, 2]);
    expect([...resizeMask(mask, 2, 2).data]).toEqual([5, 2, 5, 2]);
  });
});

describe('Gaussian blur', () => {
  it('spreads a point as the bell curve and keeps the sum', () => {
    const point = createPixels(31, 31, 1);
    point.data[15 * 31 + 15] = 1;
    blurPixels(point, 2);
    const sum = point.data.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(1, 5);
    const ratio = point.data[15 * 31 + 17]! / point.data[15 * 31 + 15]!;
    expect(ratio).toBeCloseTo(Math.exp(-0.5), 3);
    expect(point.data[17 * 31 + 15]).toBeCloseTo(point.data[15 * 31 + 17]!, 7);
  });

  it('leaves a constant image and a single pixel alone, channels apart', () => {
    const image = createPixels(1, 1, 2);
    image.data.set([0.25, 0.75]);
    blurPixels(image, 3);
    expect(image.data[0]).toBeCloseTo(0.25, 6);
    expect(image.data[1]).toBeCloseTo(0.75, 6);
  });
});
