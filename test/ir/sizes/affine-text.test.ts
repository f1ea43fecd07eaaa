import { expect, test } from '@jest/globals';
import { affineText } from '../../../src/ir/sizes/describe.js';

const divisor = (one: number, other: number): number =>
  other === 0 ? one : divisor(other, one % other);

test.each([2, 3, 7, 96, 1024, 2187, 4093, 4095, 4096])(
  'multiples of 1 / %d are written in lowest terms',
  (whole) => {
    for (let part = 1; part < 2 * whole; part += 1 + (part % 5)) {
      const by = divisor(part, whole);
      const [top, bottom] = [part / by, whole / by];
      const times = top === 1 ? 'H' : `${top} H`;
      const wanted = bottom === 1 ? times : `${times} / ${bottom}`;
      expect(affineText('H', { scale: part / whole, offset: 0 })).toBe(wanted);
    }
  },
);

test('offsets stand in the fraction where they are none themselves', () => {
  expect(affineText('H', { scale: 0.25, offset: -3 })).toBe('H / 4 - 3');
  expect(affineText('H', { scale: 1 / 3, offset: -19 / 3 })).toBe('(H - 19) / 3');
  expect(affineText('H', { scale: 2, offset: 1 })).toBe('2 H + 1');
  expect(affineText('H', { scale: 0, offset: 5 })).toBe('5');
});

test('numbers that are no fraction of a usual size stand as they are', () => {
  expect(affineText('H', { scale: Math.SQRT2, offset: 0 })).toBe(`${Math.SQRT2} H`);
});
