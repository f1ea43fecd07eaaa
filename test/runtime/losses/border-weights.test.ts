import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { ClassMask } from '../../../src/runtime/data/pixels.js';
import {
  borderDistances,
  borderTerms,
  borderWeights,
  classBalance,
} from '../../../src/runtime/losses/border-weights.js';
import { labelInstances, labelObjects } from '../../../src/runtime/losses/objects.js';

const { weight_map: oracle } = JSON.parse(readFileSync('test/oracles/losses.json', 'utf8')) as {
  readonly weight_map: Readonly<
    Record<
      'instances' | 'd1' | 'd2' | 'border_term_all_pixels' | 'border_term_background_only',
      readonly (readonly number[])[]
    >
  >;
};
const options = { w0: 10, sigma: 5 };

function maskOf(rows: readonly (readonly number[])[]): ClassMask {
  const data = Uint8Array.from(rows.flat(), (value) => (value > 0 ? 1 : 0));
  return { height: rows.length, width: rows[0]!.length, data };
}

const mask = maskOf(oracle.instances);

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-6));
}

describe('the border weight map of the reference', () => {
  const distances = borderDistances(labelObjects(mask), 40);
  test('distances to the two nearest objects', () => {
    expectClose(distances.nearest, oracle.d1.flat());
    expectClose(distances.second, oracle.d2.flat());
  });
  test('terms', () => {
    expectClose(borderTerms(distances, options), oracle.border_term_all_pixels.flat());
  });
  test('terms of the instances that the reference numbers', () => {
    const levels = Uint16Array.from(oracle.instances.flat());
    const objects = labelInstances({ height: mask.height, width: mask.width, data: levels });
    expectClose(
      borderTerms(borderDistances(objects, 40), options),
      oracle.border_term_all_pixels.flat(),
    );
  });
  test('weights: the class balance, and the term in the background', () => {
    const terms = oracle.border_term_background_only.flat();
    const expected = terms.map((term, i) => term + (mask.data[i] === 0 ? 0.7 : 1.9));
    expectClose(borderWeights(mask, [0.7, 1.9], options), expected);
  });
});

test('distances are those of a search over all pixels', () => {
  const masks = fc.integer({ min: 1, max: 9 }).chain((width) =>
    fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: width, maxLength: 9 * width })
      .map((values): ClassMask => {
        const height = Math.floor(values.length / width);
        return { width, height, data: Uint8Array.from(values.slice(0, height * width)) };
      }),
  );
  fc.assert(
    fc.property(masks, (each) => {
      const objects = labelObjects(each);
      const { nearest, second } = borderDistances(objects, 20);
      for (let at = 0; at < each.data.length; at++) {
        const found = objects.boxes.map((_, index) => {
          let best = Infinity;
          objects.labels.forEach((label, i) => {
            if (label !== index + 1) return;
            const y = Math.floor(i / each.width) - Math.floor(at / each.width);
            const x = (i % each.width) - (at % each.width);
            best = Math.min(best, Math.hypot(y, x));
          });
          return best;
        });
        found.sort((a, b) => a - b);
        expect(nearest[at]!).toBeCloseTo(found[0] ?? Infinity, 9);
        expect(second[at]!).toBeCloseTo(found[1] ?? Infinity, 9);
      }
    }),
  );
});

test('objects: sides join, corners and other classes do not', () => {
  const { boxes, labels } = labelObjects({
    height: 3,
    width: 4,
    data: Uint8Array.of(1, 1, 0, 255, 0, 0, 1, 1, 2, 0, 0, 2),
  });
  expect([...labels]).toEqual([1, 1, 0, 0, 0, 0, 2, 2, 3, 0, 0, 4]);
  expect(boxes[1]).toEqual({ top: 1, left: 2, bottom: 2, right: 4 });
});

test('instances: one number is one object, wherever its pixels lie', () => {
  const { boxes, labels } = labelInstances({
    height: 3,
    width: 4,
    data: Uint16Array.of(700, 700, 9, 9, 0, 0, 9, 0, 700, 0, 0, 3),
  });
  expect([...labels]).toEqual([1, 1, 2, 2, 0, 0, 2, 0, 1, 0, 0, 3]);
  expect(boxes).toEqual([
    { top: 0, left: 0, bottom: 3, right: 2 },
    { top: 0, left: 2, bottom: 2, right: 4 },
    { top: 2, left: 3, bottom: 3, right: 4 },
  ]);
});

test('touching instances make borders where connected parts see one object', () => {
  const touching = maskOf([[1, 1, 1, 1, 0]]);
  const instances = { height: 1, width: 5, data: Uint16Array.of(1, 1, 2, 2, 0) };
  const apart = borderWeights(touching, [1, 1], options, labelInstances(instances));
  expect(apart[4]).toBeCloseTo(1 + 10 * Math.exp(-((1 + 3) ** 2) / 50), 5);
  expect(borderWeights(touching, [1, 1], options)[4]).toBe(1);
});

test('the balance gives every class the same sum', () => {
  expect(classBalance([75, 25])).toEqual([100 / 150, 2]);
  expect(classBalance([10, 0])).toEqual([1, 1]);
});
