import { describe, expect, test } from '@jest/globals';
import type { Separation } from '../../../src/ir/post-processing.js';
import type { Pixels } from '../../../src/runtime/data/pixels.js';
import { separate, type ObjectMap } from '../../../src/runtime/instances/separate.js';
import { objectDistances } from '../../../src/runtime/losses/object-distances.js';
import { labelInstances } from '../../../src/runtime/losses/objects.js';
import { drawMask, pictureOf } from '../post/support.js';

/** One channel, of digits: 7 is 0.75. */
function drawProbabilities(...lines: readonly string[]): Pixels {
  const { height, width, data } = drawMask(...lines);
  const values = Float32Array.from(data, (value) => (value === 0 ? 0 : (value + 0.5) / 10));
  return { height, width, channels: 1, data: values };
}

const labelsOf = ({ width, labels }: ObjectMap): readonly string[] =>
  pictureOf({ width, data: labels });

/** The objects of a mask of one class. */
function found(how: Separation, ...lines: readonly string[]): readonly string[] {
  const probabilities = drawProbabilities(...lines);
  const data = Uint8Array.from(probabilities.data, (value) => (value > 0.5 ? 1 : 0));
  return labelsOf(separate({ ...probabilities, data }, probabilities, how));
}

describe('components', () => {
  const how = { kind: 'components', smallest: 1, corners: false } as const;
  test('are the connected parts, counted from the top', () => {
    expect(found(how, '99.9', '...9', '9...')).toEqual(['11.2', '...2', '3...']);
    expect(found({ ...how, corners: true }, '9..9', '.9..')).toEqual(['1..2', '.1..']);
  });
  test('without those that are too small, and without gaps in the numbers', () => {
    expect(found({ ...how, smallest: 2 }, '9.99', '....', '99..')).toEqual([
      '..11',
      '....',
      '22..',
    ]);
  });
});

describe('watershed', () => {
  const how = { kind: 'watershed', seed: 0.8, border: undefined, smallest: 1 } as const;
  test('parts what touches where it is least likely', () => {
    expect(found(how, '98679', '98679')).toEqual(['11122', '11122']);
  });
  test('a part without a seed is an object', () => {
    expect(found(how, '95.66', '85.66')).toEqual(['11.22', '11.22']);
  });
  test('objects meet in the middle of a plain', () => {
    expect(found(how, '9666669')).toEqual(['1111222']);
  });
  test('with borders, their pixels belong to objects and to no seed', () => {
    const mask = drawMask('2222222', '2112112', '2222222', '.......', '..2....');
    const data = Float32Array.from({ length: mask.data.length * 3 }, (_, i) => {
      const found = mask.data[Math.floor(i / 3)]!;
      return i % 3 === found ? 0.9 : 0.05;
    });
    const probabilities = { height: 5, width: 7, channels: 3, data };
    const map = separate(mask, probabilities, { ...how, border: 2 });
    expect(labelsOf(map)).toEqual(['1111222', '1111222', '1111222', '.......', '..3....']);
    expect(map.count).toBe(3);
  });
  test('classes do not grow into each other', () => {
    const mask = drawMask('1122');
    const data = Float32Array.from([0, 0.9, 0, 0, 0.6, 0.4, 0, 0.4, 0.6, 0, 0, 0.9]);
    const probabilities = { height: 1, width: 4, channels: 3, data };
    expect(labelsOf(separate(mask, probabilities, how))).toEqual(['1122']);
  });
});

describe('head_watershed', () => {
  const how = { kind: 'head_watershed', head: 'far', seed: 0.5, smallest: 1 } as const;
  test('tells objects apart that touch, by the distances that a head learns', () => {
    // Two discs that touch along a line, and a small one that touches both.
    const side = 40;
    const discs = [
      [13, 12, 9],
      [13, 29, 8],
      [26, 20, 5],
    ] as const;
    const data = Uint8Array.from({ length: side * side }, (_, at) => {
      const [y, x] = [Math.floor(at / side), at % side];
      return 1 + discs.findIndex(([top, left, radius]) => Math.hypot(y - top, x - left) <= radius);
    });
    const truth = labelInstances({ height: side, width: side, data });
    const values = objectDistances(truth);
    const mask = { height: side, width: side, data: data.map((number) => (number > 0 ? 1 : 0)) };
    const { labels, count } = separate(
      mask,
      { height: side, width: side, channels: 1, data: values },
      how,
    );
    expect(count).toBe(3);
    const shared = labels.filter((label, at) => label === truth.labels[at]).length;
    expect(shared / labels.length).toBeGreaterThan(0.99);
  });
  test('a part without a seed is an object, and what is no mask belongs to none', () => {
    const data = Uint8Array.from([1, 1, 0, 1, 1, 1]);
    const values = Float32Array.from([0.2, 0.1, 0.9, 0.6, 0.3, 0.8]);
    const mask = { height: 1, width: 6, data };
    const found = separate(mask, { height: 1, width: 6, channels: 1, data: values }, how);
    expect(labelsOf(found)).toEqual(['11.233']);
  });
});

describe('distance_watershed', () => {
  const how = { kind: 'distance_watershed', depth: 0.5, blur: 0, smallest: 1 } as const;
  const cells = [
    '................',
    '..9999....9999..',
    '.999999..999999.',
    '.99999999999999.',
    '.99999999999999.',
    '.999999..999999.',
    '..9999....9999..',
    '................',
  ];
  test('parts what is narrow between two wide places', () => {
    const parted = found(how, ...cells);
    expect(parted[2]).toBe('.111111..222222.');
    expect(parted[3]).toBe('.11111112222222.');
  });
  test('not where it is hardly narrower: equal summits over a shallow pass are one', () => {
    expect(found({ ...how, depth: 3 }, ...cells)[3]).toBe('.11111111111111.');
  });
});
