import { expect, test } from '@jest/globals';
import { SampleKeeper } from '../../../src/runtime/report/measure/sample-keeper.js';

function choose(
  scores: readonly (number | undefined)[],
): Readonly<Record<string, readonly number[]>> {
  const keeper = new SampleKeeper<number>(scores.length);
  scores.forEach((score, index) => keeper.add(score, () => index));
  const chosen = keeper.chosen();
  const of = (wanted: string): readonly number[] =>
    chosen.flatMap(({ kind, value }) => (kind === wanted ? [value] : []));
  return { worst: of('worst'), random: of('random'), best: of('best') };
}

test('the worst and the best come in order, and each image once', () => {
  const scores = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) / 100);
  const { worst, random, best } = choose(scores);
  const valuesOf = (indices: readonly number[] = []): readonly number[] =>
    indices.map((index) => scores[index]!);
  expect(valuesOf(worst)).toEqual([0, 0.01, 0.02, 0.03, 0.04, 0.05]);
  expect(valuesOf(best)).toEqual([0.99, 0.98, 0.97, 0.96, 0.95, 0.94]);
  expect(random).toHaveLength(6);
  expect(new Set([...worst!, ...random!, ...best!]).size).toBe(18);
  expect(choose(scores)).toEqual({ worst, random, best });
});

test('of few images each is shown at most once', () => {
  expect(choose([0.5])).toEqual({ worst: [0], random: [], best: [] });
  expect(choose([0.5, 0.7])).toEqual({ worst: [0], random: [], best: [1] });
  const { worst, random, best } = choose([0.1, 0.2, 0.3, 0.4]);
  expect([worst, best]).toEqual([[0], [3]]);
  expect(random).toHaveLength(1);
});

test('images without a value are random ones at most', () => {
  const { worst, best } = choose([undefined, NaN, 0.4, undefined, 0.2, undefined]);
  expect(worst).toEqual([4, 2]);
  expect(best).toEqual([]);
});
