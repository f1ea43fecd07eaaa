import { describe, expect, test } from '@jest/globals';
import { Random } from '../../src/runtime/random.js';

function take(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

describe('Random', () => {
  test('follows the definition of xoshiro128**', () => {
    // Version 1.1, whose scrambler reads the second word, from the state 1, 2, 3, 4.
    const random = new Random(0);
    random.restoreState({ words: [1, 2, 3, 4], spareNormal: undefined });
    expect(take(5, () => random.bits())).toEqual([11520, 0, 5927040, 70819200, 2031721883]);
  });

  test('repeats itself for one seed and differs for another', () => {
    const a = new Random(1);
    const b = new Random(1);
    const c = new Random(2);
    const first = take(20, () => a.uniform());
    expect(take(20, () => b.uniform())).toEqual(first);
    expect(take(20, () => c.uniform())).not.toEqual(first);
  });

  test('goes on from a stored state, in the middle of a pair of normal values', () => {
    const random = new Random(3);
    random.normal();
    const state = JSON.parse(JSON.stringify(random.state())) as ReturnType<Random['state']>;
    const next = take(5, () => random.normal());
    const other = new Random(99);
    other.restoreState(state);
    expect(take(5, () => other.normal())).toEqual(next);
  });

  test('forks depend on seed and label, not on what was drawn', () => {
    const random = new Random(4);
    const before = random.fork('shuffle').bits();
    random.bits();
    expect(random.fork('shuffle').bits()).toBe(before);
    expect(random.fork('dropout').bits()).not.toBe(before);
    expect(new Random(5).fork('shuffle').bits()).not.toBe(before);
  });

  test('normal values have the asked mean and deviation', () => {
    const random = new Random(6);
    const values = take(40000, () => random.normal(2, 3));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 2)).toBeLessThan(0.06);
    expect(Math.abs(Math.sqrt(variance) - 3)).toBeLessThan(0.05);
  });

  test('integers reach every value about equally often', () => {
    const random = new Random(7);
    const counts = new Array<number>(7).fill(0);
    for (let at = 0; at < 70000; at++) counts[random.integer(7)]!++;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(400);
  });

  test('a permutation holds every index once, every place open to every index', () => {
    const random = new Random(8);
    expect([...random.permutation(100)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, index) => index),
    );
    const firsts = new Set(take(200, () => random.permutation(5)[0]!));
    expect([...firsts].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
