import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ComponentCall, MetricName } from '../../../src/ir/recipe.js';
import { createPixels, IGNORED, type ClassMask } from '../../../src/runtime/data/pixels.js';
import { ConfusionCounter, type ConfusionCounts } from '../../../src/runtime/metrics/counts.js';
import { MetricSet } from '../../../src/runtime/metrics/metric-set.js';
import { computeMetric } from '../../../src/runtime/metrics/metrics.js';

const mask = (...data: number[]): ClassMask => ({
  height: 1,
  width: data.length,
  data: Uint8Array.from(data),
});

function count(classes: number, predicted: ClassMask, truth: ClassMask): ConfusionCounts {
  const counter = new ConfusionCounter(classes);
  counter.add(predicted, truth);
  return counter.counts();
}

const metric = (name: MetricName, threshold = 0.5): ComponentCall<MetricName> => ({
  name,
  options: { threshold },
  origin: { file: '', start: 0, end: 0 },
});

describe('metrics of three classes', () => {
  // truth       0 0 0 1 1 2 2 -
  // prediction  0 0 1 1 2 2 2 1
  const counts = count(3, mask(0, 0, 1, 1, 2, 2, 2, 1), mask(0, 0, 0, 1, 1, 2, 2, IGNORED));
  test.each<[MetricName, readonly number[], number]>([
    ['dice', [4 / 5, 2 / 4, 4 / 5], (2 / 4 + 4 / 5) / 2],
    ['iou', [2 / 3, 1 / 3, 2 / 3], (1 / 3 + 2 / 3) / 2],
    ['precision', [1, 1 / 2, 2 / 3], (1 / 2 + 2 / 3) / 2],
    ['recall', [2 / 3, 1 / 2, 1], 3 / 4],
    ['accuracy', [6 / 7, 5 / 7, 6 / 7], 5 / 7],
  ])('%s: by class, and the mean over the foreground', (name, classes, mean) => {
    const value = computeMetric(name, counts);
    expect(value.classes).toEqual(classes);
    expect(value.mean).toBeCloseTo(mean, 12);
  });
});

test('a class that is nowhere has no value and no part in the mean', () => {
  const counts = count(3, mask(0, 1, 1), mask(0, 1, 0));
  expect(computeMetric('dice', counts)).toEqual({
    classes: [2 / 3, 2 / 3, undefined],
    mean: 2 / 3,
  });
  const empty = count(2, mask(0, 0), mask(0, 0));
  expect(computeMetric('dice', empty)).toEqual({ classes: [1, undefined], mean: 1 });
});

test('images may come in any order and any portions', () => {
  const classes = fc.integer({ min: 0, max: 2 });
  fc.assert(
    fc.property(fc.array(fc.tuple(classes, classes), { minLength: 1 }), fc.nat(), (pairs, cut) => {
      const at = cut % pairs.length;
      const part = (from: readonly (readonly [number, number])[], side: 0 | 1): ClassMask =>
        mask(...from.map((pair) => pair[side]));
      const whole = count(3, part(pairs, 0), part(pairs, 1));
      const counter = new ConfusionCounter(3);
      for (const piece of [pairs.slice(at), pairs.slice(0, at)]) {
        counter.add(part(piece, 0), part(piece, 1));
      }
      expect(counter.counts()).toEqual(whole);
    }),
  );
});

test('thresholds: each metric its own, named where it is not the usual one', () => {
  const set = new MetricSet([metric('recall'), metric('recall', 0.2)], 2);
  const probabilities = createPixels(1, 4, 1);
  probabilities.data.set([0.1, 0.3, 0.6, 0.9]);
  set.add(probabilities, mask(0, 1, 1, 1));
  const values = set.values();
  expect([...values.keys()]).toEqual(['recall', 'recall@0.2']);
  expect(values.get('recall')!.mean).toBe(2 / 3);
  expect(values.get('recall@0.2')!.mean).toBe(1);
});
