import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../src/runtime/random.js';
import { smoothRates, suggestRate } from '../../../src/runtime/training/suggest-rate.js';

/** Losses of rates from 1e-6 to 10, by the decimal logarithm of the rate. */
const searched = (lossOf: (log: number, at: number) => number, count = 100) =>
  smoothRates(
    Array.from({ length: count }, (_, at) => {
      const log = -6 + (7 * at) / (count - 1);
      return { rate: 10 ** log, loss: lossOf(log, at) };
    }),
  );

/** Falls from 1 to 0.2 around a rate of 10 ** middle, and grows from 0.3 on. */
const usual =
  (middle: number) =>
  (log: number): number =>
    0.2 + 0.8 / (1 + Math.exp(4 * (log - middle))) + (log > -0.5 ? (log + 0.5) ** 2 * 4 : 0);

describe('smoothing', () => {
  test('keeps lines as they are, with their slope', () => {
    for (const { rate, smoothed, slope } of searched((log) => 3 - 0.25 * log)) {
      expect(smoothed).toBeCloseTo(3 - 0.25 * Math.log10(rate), 9);
      expect(slope).toBeCloseTo(-0.25, 9);
    }
  });

  test('takes noise away, and lags behind nowhere', () => {
    const random = new Random(5);
    const plain = usual(-3);
    const points = searched((log) => plain(log) + 0.1 * (random.uniform() - 0.5));
    const errors = points.map(({ rate, smoothed }) => Math.abs(smoothed - plain(Math.log10(rate))));
    const noise = points.map(({ rate, loss }) => Math.abs(loss - plain(Math.log10(rate))));
    const mean = (all: readonly number[]): number =>
      all.reduce((sum, each) => sum + each, 0) / all.length;
    expect(mean(errors.slice(0, 70))).toBeLessThan(0.6 * mean(noise.slice(0, 70)));
  });

  test('does with one point', () => {
    expect(smoothRates([{ rate: 1e-3, loss: 2 }])).toEqual([
      { rate: 1e-3, loss: 2, smoothed: 2, slope: 0 },
    ]);
  });
});

describe('the rate suggested', () => {
  test.each([-4, -3, -2])('is where the loss falls fastest: 1e%d', (middle) => {
    const { steepest, lowest } = suggestRate(searched(usual(middle)));
    expect(Math.abs(Math.log10(steepest!.rate) - middle)).toBeLessThan(0.15);
    expect(lowest.rate).toBeGreaterThan(steepest!.rate);
    expect(lowest.rate).toBeLessThan(1);
  });

  test('is none on the way back from a rise', () => {
    const plain = usual(-3);
    const points = searched((log, at) => plain(log) + (at >= 62 && at < 66 ? 3 : 0));
    expect(
      points.reduce((most, point) => (point.slope < most.slope ? point : most)).rate,
    ).toBeGreaterThan(0.01);
    const { steepest, lowest } = suggestRate(points);
    expect(Math.abs(Math.log10(steepest!.rate) + 3)).toBeLessThan(0.3);
    expect(lowest.rate).toBeLessThan(points[62]!.rate);
  });

  test('is not at the ends, where lines have neighbours on one side alone', () => {
    const { steepest } = suggestRate(searched((log) => 1 - Math.exp(2 * (log - 1)), 40));
    expect(steepest!.rate).toBeLessThan(10 ** 0.5);
  });

  test('is missing where the loss grows, or does nothing but tremble', () => {
    expect(suggestRate(searched((log) => 1 + 0.1 * (log + 6))).steepest).toBeUndefined();
    const random = new Random(1);
    expect(suggestRate(searched(() => 1 + 0.02 * random.uniform())).steepest).toBeUndefined();
  });
});
