import { expect, test } from '@jest/globals';
import { IGNORED, type ClassMask, type Pixels } from '../../../src/runtime/data/pixels.js';
import { computeMetric } from '../../../src/runtime/metrics/metrics.js';
import { ConfusionCounter } from '../../../src/runtime/metrics/counts.js';
import { classesOfProbabilities } from '../../../src/runtime/data/overlay.js';
import { ThresholdCounter } from '../../../src/runtime/post/threshold-counter.js';
import { Random } from '../../../src/runtime/random.js';

const row = (...data: readonly number[]): Pixels => ({
  height: 1,
  width: data.length,
  channels: 1,
  data: Float32Array.from(data),
});
const truthOf = (...data: readonly number[]): ClassMask => ({
  height: 1,
  width: data.length,
  data: Uint8Array.from(data),
});

test('the threshold lies between what is foreground and what is not', () => {
  const counter = new ThresholdCounter();
  counter.add(row(0.1, 0.2, 0.3105, 0.4), truthOf(0, 0, 1, 1));
  expect(counter.best()).toEqual({ threshold: 0.31, dice: 1, usual: 0 });
});

test('of equal thresholds the one nearest to 0.5 is taken', () => {
  const counter = new ThresholdCounter();
  counter.add(row(0.1, 0.9), truthOf(0, 1));
  expect(counter.best()).toEqual({ threshold: 0.5, dice: 1, usual: 1 });
});

test('pixels without a class do not count, and without a foreground nothing is found', () => {
  const counter = new ThresholdCounter();
  counter.add(row(0.2, 0.9), truthOf(0, IGNORED));
  expect(counter.best()).toBeUndefined();
});

test('its dice is the one that masks at the threshold have, and none at another is better', () => {
  const random = new Random(3);
  const counter = new ThresholdCounter();
  const images = Array.from({ length: 3 }, (_, image) => {
    const own = random.fork(`image ${image}`);
    const truth = truthOf(...Array.from({ length: 400 }, () => (own.uniform(0, 1) < 0.2 ? 1 : 0)));
    const pixels = row(
      ...Array.from(truth.data, (found) => {
        const value = own.uniform(0, 0.6) + (found === 1 ? 0.2 : 0);
        // Values on thousandths are the hard ones: p > threshold is strict.
        return Math.round(value * 1000) / 1000;
      }),
    );
    counter.add(pixels, truth);
    return [pixels, truth] as const;
  });
  const diceAt = (threshold: number): number => {
    const counts = new ConfusionCounter(2);
    for (const [pixels, truth] of images) {
      counts.add(classesOfProbabilities(pixels, threshold), truth);
    }
    return computeMetric('dice', counts.counts()).classes[1]!;
  };
  const { threshold, dice, usual } = counter.best()!;
  const all = Array.from({ length: 1000 }, (_, k) => diceAt(k / 1000));
  expect(dice).toBeCloseTo(Math.max(...all), 12);
  expect(dice).toBeCloseTo(diceAt(threshold), 12);
  expect(usual).toBeCloseTo(diceAt(0.5), 12);
  expect(dice).toBeGreaterThan(usual);
});
