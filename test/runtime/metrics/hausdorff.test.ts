import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { createPixels, IGNORED, type ClassMask } from '../../../src/runtime/data/pixels.js';
import { hausdorffDistance as percentileDistance } from '../../../src/runtime/metrics/outline-metrics.js';
import { MetricSet } from '../../../src/runtime/metrics/metric-set.js';

interface OracleCase {
  readonly name: string;
  readonly percentile: number;
  readonly value: number;
  readonly predicted: readonly string[];
  readonly truth: readonly string[];
}
const oracle = JSON.parse(
  readFileSync('test/oracles/hausdorff.json', 'utf8'),
) as readonly OracleCase[];

const classes: Readonly<Record<string, number>> = { '.': 0, '#': 1, '2': 2, '?': IGNORED };
const draw = (...rows: readonly string[]): ClassMask => ({
  height: rows.length,
  width: rows[0]!.length,
  data: Uint8Array.from([...rows.join('')].map((character) => classes[character]!)),
});

const hausdorffDistance = (one: ClassMask, other: ClassMask, found: number, percentile: number) =>
  percentileDistance(percentile)(one, other, found);

test.each(oracle.map((each) => [each.percentile, each.name, each] as const))(
  'percentile %i of "%s" is that of scipy',
  (percentile, _name, { predicted, truth, value }) => {
    const found = hausdorffDistance(draw(...predicted), draw(...truth), 1, percentile);
    expect(found).toBeCloseTo(value, 12);
  },
);

describe('conventions', () => {
  const some = draw('....', '.#..', '....');
  const none = draw('....', '....', '....');

  test('a class in neither mask has no value', () => {
    expect(hausdorffDistance(none, none, 1, 95)).toBeUndefined();
  });
  test('a class in one mask alone has the diagonal of the image', () => {
    expect(hausdorffDistance(some, none, 1, 95)).toBe(5);
    expect(hausdorffDistance(none, some, 1, 95)).toBe(5);
  });
  test('pixels without a true class are in neither mask', () => {
    const truth = draw('....', '.#.?', '...?');
    expect(hausdorffDistance(draw('....', '.#.#', '...#'), truth, 1, 100)).toBe(0);
  });
  test('the inside of a class does not count, only its outline', () => {
    const full = draw('#####', '#####', '#####', '#####', '#####');
    const ring = draw('#####', '#...#', '#...#', '#...#', '#####');
    expect(hausdorffDistance(full, full, 1, 100)).toBe(0);
    expect(hausdorffDistance(full, ring, 1, 100)).toBe(0);
  });
  test('interpolates between the two values that a percentile lies between', () => {
    // There 0; back 0 and 3.
    const one = draw('#....', '.....', '.....');
    const other = draw('#..#.', '.....', '.....');
    expect(hausdorffDistance(one, other, 1, 100)).toBe(3);
    expect(hausdorffDistance(one, other, 1, 75)).toBe(1.5);
    expect(hausdorffDistance(one, other, 1, 50)).toBe(0);
  });
});

test('is the search over all pairs of outline pixels', () => {
  const masks = fc.integer({ min: 1, max: 8 }).chain((width) =>
    fc
      .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 1 })), {
        minLength: width,
        maxLength: 8 * width,
      })
      .map((pairs) => {
        const height = Math.floor(pairs.length / width);
        const side = (which: 0 | 1): ClassMask => ({
          width,
          height,
          data: Uint8Array.from(pairs.slice(0, height * width), (pair) => pair[which]),
        });
        return [side(0), side(1)] as const;
      }),
  );
  const outline = ({ width, height, data }: ClassMask): readonly (readonly [number, number])[] =>
    [...data.keys()]
      .filter((at) => {
        const [y, x] = [Math.floor(at / width), at % width];
        const near = [
          y > 0 ? data[at - width] : 0,
          y < height - 1 ? data[at + width] : 0,
          x > 0 ? data[at - 1] : 0,
          x < width - 1 ? data[at + 1] : 0,
        ];
        return data[at] === 1 && near.includes(0);
      })
      .map((at) => [Math.floor(at / width), at % width]);
  fc.assert(
    fc.property(masks, ([one, other]) => {
      const [a, b] = [outline(one), outline(other)];
      fc.pre(a.length > 0 && b.length > 0);
      const directed = (from: typeof a, to: typeof a): number =>
        Math.max(
          ...from.map(([y, x]) => Math.min(...to.map(([v, u]) => Math.hypot(y - v, x - u)))),
        );
      const expected = Math.max(directed(a, b), directed(b, a));
      expect(hausdorffDistance(one, other, 1, 100)).toBeCloseTo(expected, 12);
    }),
  );
});

test('as a metric: by class, the mean over images that have it', () => {
  const call = {
    name: 'hausdorff',
    options: { percentile: 100, threshold: 0.5 },
    origin: { file: '', start: 0, end: 0 },
  } as const;
  const set = new MetricSet([call], 2);
  const add = (predicted: readonly number[], truth: ClassMask): void => {
    const probabilities = createPixels(1, 4, 1);
    probabilities.data.set(predicted);
    set.add(probabilities, truth);
  };
  add([1, 0, 0, 0], draw('...#'));
  add([0, 0, 0, 0], draw('....'));
  add([0, 1, 0, 0], draw('.#..'));
  const { classes: values, mean } = set.values().get('hausdorff100')!;
  expect(values[1]).toBe(1.5);
  expect(mean).toBe(1.5);
  expect(new MetricSet([call], 2).values().get('hausdorff100')!.mean).toBeUndefined();
});
