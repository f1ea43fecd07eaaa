import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { ComponentCall, ClassMetricName } from '../../../src/ir/recipe.js';
import { rowsOf } from '../../../src/runtime/data/join-rows.js';
import {
  createPixels,
  IGNORED,
  type ClassMask,
  type Pixels,
} from '../../../src/runtime/data/pixels.js';
import { ConfusionCounter, type ConfusionCounts } from '../../../src/runtime/metrics/counts.js';
import { MetricSet } from '../../../src/runtime/metrics/metric-set.js';
import { computeMetric, type CountedMetricName } from '../../../src/runtime/metrics/metrics.js';
import { isLowerBetter } from '../../../src/ir/metric-options.js';

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

const metric = (
  name: ClassMetricName,
  threshold = 0.5,
  options: Readonly<Record<string, unknown>> = {},
): ComponentCall<ClassMetricName> => ({
  name,
  options: { threshold, ...options },
  origin: { file: '', start: 0, end: 0 },
});

describe('metrics of three classes', () => {
  // truth       0 0 0 1 1 2 2 -
  // prediction  0 0 1 1 2 2 2 1
  const counts = count(3, mask(0, 0, 1, 1, 2, 2, 2, 1), mask(0, 0, 0, 1, 1, 2, 2, IGNORED));
  test.each<[CountedMetricName, readonly number[], number]>([
    ['dice', [4 / 5, 2 / 4, 4 / 5], (2 / 4 + 4 / 5) / 2],
    ['iou', [2 / 3, 1 / 3, 2 / 3], (1 / 3 + 2 / 3) / 2],
    ['precision', [1, 1 / 2, 2 / 3], (1 / 2 + 2 / 3) / 2],
    ['recall', [2 / 3, 1 / 2, 1], 3 / 4],
    ['specificity', [1, 4 / 5, 4 / 5], 4 / 5],
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
  expect(computeMetric('dice', empty)).toEqual({ classes: [1, undefined], mean: undefined });
});

test('a set of masks that are all background has no mean of what is found in the foreground', () => {
  const metrics = [
    ...[metric('dice'), metric('precision'), metric('hausdorff'), metric('dice', 0.3)],
    ...[metric('dice', 0.5, { soft: true }), metric('iou', 0.5, { per: 'image' })],
    ...[metric('accuracy'), metric('specificity'), metric('dice', 0.5, { epsilon: 1e-4 })],
  ];
  const set = new MetricSet(metrics, 2);
  const probabilities = createPixels(1, 4, 1);
  probabilities.data.set([0.1, 0.1, 0.1, 0.9]);
  set.add(probabilities, mask(0, 0, 0, 0));
  const means = () => [...set.valuesOfSet().values()].map(({ mean }) => mean);
  const none = Array.from({ length: 6 }, () => undefined);
  expect(means()).toEqual([...none, 0.75, 0.75, 1e-4 / (1 + 1e-4)]);
  // Each class, and an image alone, still tell what was found.
  expect(set.valuesOfSet().get('dice')!.classes).toEqual([6 / 7, 0]);
  expect(set.values().get('dice')!.mean).toBe(0);
  // One pixel of foreground is something to measure.
  set.add(probabilities, mask(0, 0, 0, 1));
  expect(set.valuesOfSet()).toEqual(set.values());
  expect(means()[0]).toBeCloseTo(2 / 3, 12);
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

describe('soft metrics', () => {
  const soft = (epsilon: number, per = 'set'): readonly ComponentCall<ClassMetricName>[] => [
    metric('dice', 0.5, { soft: true, per, epsilon }),
  ];

  test('one channel: foreground p and background 1 - p', () => {
    const set = new MetricSet(soft(0), 2);
    const probabilities = createPixels(1, 4, 1);
    probabilities.data.set([0.25, 0.5, 0.75, 1]);
    set.add(probabilities, mask(0, 1, 1, IGNORED));
    const { classes, mean } = set.values().get('dice(soft)')!;
    expect(classes).toEqual([1.5 / 2.5, 2.5 / 3.5]);
    expect(mean).toBe(2.5 / 3.5);
  });

  test('several channels: each class its own', () => {
    const set = new MetricSet([metric('iou', 0.5, { soft: true })], 2);
    const probabilities = createPixels(1, 2, 2);
    probabilities.data.set([0.25, 0.75, 0.5, 0.5]);
    set.add(probabilities, mask(1, 0));
    expect(set.values().get('iou(soft)')!.classes).toEqual([0.5 / 1.25, 0.75 / 1.5]);
  });

  const { fixtures, values } = JSON.parse(readFileSync('test/oracles/losses.json', 'utf8')) as {
    readonly fixtures: Readonly<
      Record<string, { readonly y_pred: readonly number[]; readonly y_true: readonly number[] }>
    >;
    readonly values: readonly {
      readonly loss: string;
      readonly fixture: string;
      readonly value: number;
    }[];
  };
  const calls: Readonly<Record<string, ComponentCall<ClassMetricName>>> = {
    's000.dice_coef': metric('dice', 0.5, { soft: true, epsilon: 1 }),
    's000.dice_coeff': metric('dice', 0.5, { soft: true, per: 'image', epsilon: 1e-4 }),
    's000.iou': metric('iou', 0.5, { soft: true, epsilon: 1e-15 }),
    's001.accu_iou': metric('iou'),
  };
  // Masks hold classes: the fixture of half truths fits none.
  const known = values.filter(({ loss, fixture }) => loss in calls && fixture !== 'A_half');
  test.each(known.map((each) => [each.loss, each.fixture, each.value] as const))(
    '%s of %s',
    (name, fixture, expected) => {
      const { y_pred, y_true } = fixtures[fixture]!;
      const set = new MetricSet([calls[name]!], 2);
      for (const start of [0, 16]) {
        const probabilities = createPixels(1, 16, 1);
        probabilities.data.set(y_pred.slice(start, start + 16));
        set.add(probabilities, mask(...y_true.slice(start, start + 16)));
      }
      const [value] = set.values().values();
      // Where nothing is to be found, the source takes 1, and here there is no value.
      expect(Math.abs((value!.mean ?? 1) - expected)).toBeLessThan(1e-6);
    },
  );
});

test('by image: the mean of the images that have the class', () => {
  const set = new MetricSet([metric('dice', 0.5, { per: 'image' })], 2);
  const add = (predicted: readonly number[], truth: readonly number[]): void => {
    const probabilities = createPixels(1, 4, 1);
    probabilities.data.set(predicted);
    set.add(probabilities, mask(...truth));
  };
  add([1, 1, 0, 0], [1, 0, 0, 0]);
  add([0, 0, 0, 0], [0, 0, 0, 0]);
  add([1, 1, 1, 1], [1, 1, 1, 1]);
  expect(set.values().get('dice(per image)')).toEqual({
    classes: [(4 / 5 + 1) / 2, (2 / 3 + 1) / 2],
    mean: (2 / 3 + 1) / 2,
  });
});

test('an image in rows measures as it does at once, and one that is dropped not at all', () => {
  const calls = [
    metric('dice'),
    metric('iou', 0.3),
    metric('dice', 0.5, { soft: true, epsilon: 1 }),
    metric('precision', 0.5, { per: 'image' }),
    metric('hausdorff', 0.5, { percentile: 100 }),
  ];
  const [height, width] = [7, 5];
  const image = (seed: number): readonly [Pixels, ClassMask] => {
    const data = Float32Array.from({ length: 35 }, (_, i) => ((i * 37 + seed) % 32) / 32);
    const truth = Uint8Array.from(data, (_, i) => (i % 9 === seed ? IGNORED : (i >> 2) & 1));
    return [
      { height, width, channels: 1, data },
      { height, width, data: truth },
    ];
  };
  const [whole, parts] = [new MetricSet(calls, 2), new MetricSet(calls, 2)];
  for (const seed of [1, 5]) {
    const [probabilities, truth] = image(seed);
    whole.add(probabilities, truth);
    parts.addRows(rowsOf(probabilities, 0, 4), rowsOf(truth, 0, 4));
    parts.dropImage();
    for (const [first, end] of [
      [0, 1],
      [1, 6],
      [6, 7],
    ] as const) {
      parts.addRows(rowsOf(probabilities, first, end), rowsOf(truth, first, end));
    }
    parts.endImage();
  }
  expect(parts.counts()).toEqual(whole.counts());
  expect(parts.values()).toEqual(whole.values());
});

test('distances alone are better when they are lower', () => {
  expect(isLowerBetter('hausdorff')).toBe(true);
  expect(isLowerBetter('dice')).toBe(false);
});
