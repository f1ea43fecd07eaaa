import { describe, expect, test } from '@jest/globals';
import { fillShape } from '../../../../src/runtime/data/annotations/fill.js';
import { readRunText } from '../../../../src/runtime/data/annotations/run-lengths.js';
import type { Shape } from '../../../../src/runtime/data/annotations/shapes.js';
import { Random } from '../../../../src/runtime/random.js';

/** How often each pixel is painted, by rows. */
function painted(shape: Shape, width: number, height: number): number[] {
  const found = new Array<number>(width * height).fill(0);
  fillShape(shape, { width, height }, (row, first, end) => {
    expect(first).toBeLessThan(end);
    for (let column = first; column < end; column++) found[row * width + column]! += 1;
  });
  return found;
}

const rowsOf = (pixels: readonly number[], width: number): readonly string[] =>
  Array.from({ length: pixels.length / width }, (_, row) =>
    pixels.slice(row * width, (row + 1) * width).join(''),
  );

/** Whether a place is inside of a ring: edges that a ray to the left crosses, one by one. */
function isInside(points: readonly number[], x: number, y: number): boolean {
  let inside = false;
  for (let at = 0; at < points.length; at += 2) {
    const [ax, ay] = [points[at]!, points[at + 1]!];
    const [bx, by] = [points[(at + 2) % points.length]!, points[(at + 3) % points.length]!];
    if (ay <= y === by <= y) continue;
    // The side of the edge that the place is on, without a division.
    const side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    if (by > ay ? side <= 0 : side >= 0) inside = !inside;
  }
  return inside;
}

describe('rings', () => {
  test.each([
    ['a square of whole pixels', [1, 1, 4, 1, 4, 3, 1, 3], ['00000', '01110', '01110', '00000']],
    [
      'half pixels count by their centre',
      [0.5, 0.5, 2.5, 0.5, 2.5, 1.5, 0.5, 1.5],
      ['11000', '00000', '00000', '00000'],
    ],
    [
      'smaller than what centres it misses',
      [1.6, 1.6, 2.4, 1.6, 2.4, 2.4],
      ['00000', '00000', '00000', '00000'],
    ],
    [
      'outside of the image',
      [-9, -9, 99, -9, 99, 99, -9, 99],
      ['11111', '11111', '11111', '11111'],
    ],
    [
      'crossing itself: even-odd',
      [0, 0, 5, 0, 5, 4, 0, 4, 0, 0, 2, 1, 4, 1, 4, 3, 2, 3, 2, 1],
      ['11111', '11001', '11001', '11111'],
    ],
    ['without an area', [0, 0, 3, 3, 0, 0], ['00000', '00000', '00000', '00000']],
  ])('%s', (_, points, rows) => {
    expect(rowsOf(painted({ kind: 'ring', points }, 5, 4), 5)).toEqual(rows);
  });

  test('are their pixels whose centre is inside, whatever their corners', () => {
    const random = new Random(4);
    for (let round = 0; round < 200; round++) {
      const corners = 3 + random.integer(8);
      // Quarters of pixels meet centres and corners often.
      const points = Array.from({ length: 2 * corners }, () => random.integer(64) / 4 - 2);
      const found = painted({ kind: 'ring', points }, 12, 11);
      const expected = found.map((_, at) =>
        isInside(points, (at % 12) + 0.5, Math.floor(at / 12) + 0.5) ? 1 : 0,
      );
      expect([points, found]).toEqual([points, expected]);
    }
  });

  test('that share edges share no pixel and leave none out', () => {
    const random = new Random(9);
    for (let round = 0; round < 50; round++) {
      const place = (): number => random.integer(41) / 4;
      const [x, y] = [place(), place()];
      const frame = [0, 0, place(), 0, 10, 0, 10, place(), 10, 10, place(), 10, 0, 10, 0, place()];
      const sum = new Array<number>(100).fill(0);
      for (let at = 0; at < frame.length; at += 2) {
        const next = (at + 2) % frame.length;
        const points = [x, y, frame[at]!, frame[at + 1]!, frame[next]!, frame[next + 1]!];
        painted({ kind: 'ring', points }, 10, 10).forEach((count, pixel) => (sum[pixel]! += count));
      }
      expect(sum.every((count) => count === 1)).toBe(true);
    }
  });
});

test('circles hold the pixels whose centres are no farther than the radius', () => {
  const random = new Random(2);
  for (let round = 0; round < 100; round++) {
    const [x, y, radius] = [random.integer(40) / 4, random.integer(40) / 4, random.integer(24) / 4];
    const found = painted({ kind: 'circle', x, y, radius }, 9, 8);
    const expected = found.map((_, at) => {
      const [dx, dy] = [(at % 9) + 0.5 - x, Math.floor(at / 9) + 0.5 - y];
      return dx * dx + dy * dy <= radius * radius ? 1 : 0;
    });
    expect([x, y, radius, found]).toEqual([x, y, radius, expected]);
  }
});

/** Masks as pycocotools 2.0 encodes them: of 6 x 5 pixels, and of 40 x 50 with a hole. */
const small = [0, 1, 1, 1, 1, 1, 1, 1, 2, 1, 3, 1, 2, 1, 5, 4, 1, 1, 2];
const holed = (row: number, column: number): boolean => {
  const isHole = row >= 10 && row < 12 && column >= 20 && column < 22;
  const isBlock = row >= 3 && row < 30 && column >= 7 && column < 41;
  const isCorner = (row === 0 && column === 0) || (row === 39 && column === 49);
  return (isBlock && !isHole) || isCorner;
};

/** The lengths of runs down the columns of 40 x 50 pixels, from one outside on. */
function runsOf(has: (row: number, column: number) => boolean): readonly number[] {
  const counts = [0];
  let inside = false;
  for (let at = 0; at < 40 * 50; at++) {
    if (has(at % 40, Math.floor(at / 40)) !== inside) {
      inside = !inside;
      counts.push(0);
    }
    counts[counts.length - 1]! += 1;
  }
  return counts;
}

describe('runs', () => {
  test.each([
    ['011000001010O033LM1', small],
    [
      String.raw`01j8j0cG000000000000000000000000\OE;;EE;;9000000000000000000000000000000000000T;VO`,
      runsOf(holed),
    ],
    ['', []],
  ])('of the text %j', (text, counts) => {
    expect(readRunText(text)).toEqual(counts);
  });

  test.each(['P', '0 0', '\u0100', `${'o'.repeat(9)}0`])('of %j are refused', (text) => {
    expect(readRunText(text)).toBeUndefined();
  });

  test('go down the columns', () => {
    const rows = rowsOf(painted({ kind: 'runs', counts: small }, 5, 6), 5);
    expect(rows).toEqual(['11001', '00101', '10000', '01001', '10110', '00010']);
  });
});
