import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { objectDistances } from '../../../src/runtime/losses/object-distances.js';
import { labelInstances } from '../../../src/runtime/losses/objects.js';

/** The definition, pixel by pixel: the distance to the nearest pixel of another number over the largest of the object. */
function byDefinition(numbers: Uint8Array, height: number, width: number): readonly number[] {
  const away = Array.from(numbers, (number, at) => {
    if (number === 0) return 0;
    let nearest = Infinity;
    numbers.forEach((other, to) => {
      if (other === number) return;
      const [y, x] = [Math.floor(to / width) - Math.floor(at / width), (to % width) - (at % width)];
      nearest = Math.min(nearest, Math.hypot(y, x));
    });
    return nearest;
  });
  expect(away).toHaveLength(height * width);
  return away.map((distance, at) => {
    if (numbers[at] === 0) return 0;
    const most = Math.max(...away.filter((_, to) => numbers[to] === numbers[at]));
    return most === Infinity ? 1 : distance / most;
  });
}

const distancesOf = (data: Uint8Array, height: number, width: number): readonly number[] => [
  ...objectDistances(labelInstances({ height, width, data })),
];

test('distances are those of the definition, in pieces, side by side and at the edge', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(sizes, fc.array(fc.integer({ min: 0, max: 3 })), ([height, width], drawn) => {
      const data = Uint8Array.from({ length: height * width }, (_, at) => drawn[at] ?? 1);
      const [found, wanted] = [distancesOf(data, height, width), byDefinition(data, height, width)];
      found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 6));
    }),
  );
});

test('the middle of a disc is 1, its rim is one pixel of its radius', () => {
  const side = 21;
  const data = Uint8Array.from({ length: side * side }, (_, at) =>
    Math.hypot(Math.floor(at / side) - 10, (at % side) - 10) <= 8 ? 7 : 0,
  );
  const found = distancesOf(data, side, side);
  expect(found[10 * side + 10]).toBe(1);
  expect(found[10 * side + 2]).toBeCloseTo(1 / Math.hypot(8, 1), 6);
  expect(found[0]).toBe(0);
});
