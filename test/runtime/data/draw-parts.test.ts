import { describe, expect, test } from '@jest/globals';
import {
  drawValidation,
  groupOf,
  type Drawn,
  type DrawnSplit,
} from '../../../src/runtime/data/draw-parts.js';
import { Random } from '../../../src/runtime/random.js';

const fraction = (val: number, group?: string, seed = 0): DrawnSplit => ({
  kind: 'fraction',
  val,
  group,
  seed,
});
const folds = (count: number, fold: number, group?: string): DrawnSplit => ({
  kind: 'folds',
  count,
  fold,
  group,
  seed: 0,
});
const named = (names: readonly string[]): readonly Drawn[] => names.map((name) => ({ name }));
const numbered = (count: number): readonly Drawn[] =>
  named(Array.from({ length: count }, (_, at) => `image-${at}`));

/** The names of the pairs that validate. */
function drawn(pairs: readonly Drawn[], rule: DrawnSplit): readonly string[] {
  const groups = drawValidation(pairs, rule)!;
  return pairs.filter((pair) => groups.has(groupOf(pair, rule))).map(({ name }) => name);
}

/** Pairs in groups of random sizes, in a random order. */
function randomGroups(random: Random): readonly Drawn[] {
  const groups = 2 + random.integer(12);
  const names = Array.from({ length: groups }, (_, group) =>
    Array.from({ length: 1 + random.integer(9) }, (__, at) => `p${group}_${at}`),
  ).flat();
  return named(names.sort(() => random.uniform() - 0.5));
}

describe('a fraction', () => {
  test.each([
    [10, 0.2, 2],
    [10, 0.25, 3],
    [100, 0.1, 10],
    [3, 0.01, 1],
    [2, 0.99, 1],
    [7, 0.999, 6],
  ])('of %i pairs, %d: %i validate', (count, val, expected) => {
    expect(drawn(numbered(count), fraction(val))).toHaveLength(expected);
  });

  test('is the same on every machine, whatever the order of the names', () => {
    // By SHA-256 of "0/a" to "0/j" as sha256sum prints them: those of 0/g and 0/f come first.
    const names = [...'abcdefghij'];
    const expected = drawn(named(names), fraction(0.2));
    expect(drawn(named(names.reverse()), fraction(0.2)).toSorted()).toEqual(expected.toSorted());
    expect(expected).toEqual(['f', 'g']);
  });

  test('with another seed is another one', () => {
    const [first, second] = [0, 1].map((seed) =>
      drawn(numbered(50), fraction(0.2, undefined, seed)),
    );
    expect(first).not.toEqual(second);
  });

  test('never divides a group, and comes as near as whole groups can', () => {
    const random = new Random(7);
    for (let round = 0; round < 200; round++) {
      const pairs = randomGroups(random);
      const val = 0.05 + 0.9 * random.uniform();
      const rule = fraction(val, '_', round);
      const chosen = new Set(drawn(pairs, rule));
      const inside = new Set([...chosen].map((name) => groupOf({ name }, rule)));
      const largest = 9;
      for (const { name } of pairs)
        expect(chosen.has(name)).toBe(inside.has(groupOf({ name }, rule)));
      expect(chosen.size).toBeGreaterThan(0);
      expect(chosen.size).toBeLessThan(pairs.length);
      const isForced = inside.size === 1 || chosen.size + largest >= pairs.length;
      if (!isForced)
        expect(Math.abs(chosen.size - val * pairs.length)).toBeLessThanOrEqual(largest / 2);
    }
  });

  test('of one group is none', () => {
    expect(drawValidation(named(['a_1', 'a_2']), fraction(0.5, '_'))).toBeUndefined();
  });
});

describe('folds', () => {
  test('hold each pair once, no group twice, and are of about one size', () => {
    const random = new Random(3);
    for (let round = 0; round < 100; round++) {
      const pairs = randomGroups(random);
      const count = 2 + random.integer(3);
      const parts = Array.from({ length: count }, (_, fold) => folds(count, fold, '_'));
      const groups = new Set(pairs.map((pair) => groupOf(pair, parts[0]!))).size;
      if (groups < count) {
        expect(drawValidation(pairs, parts[0]!)).toBeUndefined();
        continue;
      }
      const all = parts.map((rule) => drawn(pairs, rule));
      expect(all.flat().sort()).toEqual(pairs.map(({ name }) => name).sort());
      const sizes = all.map(({ length }) => length);
      // A largest-first greedy never leaves two parts further apart than one group.
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(9);
    }
  });

  test('of pairs without groups differ by one pair at most', () => {
    const sizes = [0, 1, 2].map((fold) => drawn(numbered(50), folds(3, fold)).length);
    expect(sizes.sort()).toEqual([16, 17, 17]);
  });
});

test('the group of a list counts unless the names say it', () => {
  const pair = { name: 'p1_a', group: 'x' };
  expect(groupOf(pair, fraction(0.2))).toBe('x');
  expect(groupOf(pair, fraction(0.2, '_'))).toBe('p1');
  expect(groupOf({ name: 'alone' }, fraction(0.2, '_'))).toBe('alone');
  expect(groupOf({ name: 'alone' }, fraction(0.2))).toBe('alone');
});
