import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { metricLabel } from '../../../src/ir/metric-options.js';
import type { ComponentCall, ClassMetricName } from '../../../src/ir/recipe.js';
import { rowsOf } from '../../../src/runtime/data/join-rows.js';
import type { ClassMask, Pixels } from '../../../src/runtime/data/pixels.js';
import { averagePrecision, panopticQuality } from '../../../src/runtime/metrics/instances.js';
import { MetricSet, type MetricValue } from '../../../src/runtime/metrics/metric-set.js';

type Value = number | null;
interface Case {
  readonly name: string;
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  readonly p: readonly number[];
  readonly truth: readonly number[];
  readonly surface_distance: readonly Value[];
  readonly boundary_f1: Readonly<Record<string, readonly Value[]>>;
  readonly auc: readonly Value[];
  readonly calibration_error: Readonly<
    Record<string, { readonly classes: readonly Value[]; readonly mean: Value }>
  >;
  readonly objects: Readonly<
    Record<string, readonly (readonly [number, number, number, number] | null)[]>
  >;
}
const { cases } = JSON.parse(readFileSync('test/oracles/metric-definitions.json', 'utf8')) as {
  readonly cases: readonly Case[];
};

const call = (
  name: ClassMetricName,
  options: Readonly<Record<string, unknown>> = {},
): ComponentCall<ClassMetricName> => ({
  name,
  options: { threshold: 0.5, ...options },
  origin: { file: '', start: 0, end: 0 },
});

function partsOf({ classes, height, width, p, truth }: Case): readonly [Pixels, ClassMask] {
  const channels = classes === 2 ? 1 : classes;
  return [
    { height, width, channels, data: Float32Array.from(p) },
    { height, width, data: Uint8Array.from(truth) },
  ];
}

/** The value of a metric of some cases, each given in strips of so many rows. */
function measured(
  of: ComponentCall<ClassMetricName>,
  some: readonly Case[],
  rows = 4,
): MetricValue {
  const set = new MetricSet([of], some[0]!.classes);
  for (const each of some) {
    const [p, truth] = partsOf(each);
    for (let row = 0; row < p.height; row += rows) {
      const end = Math.min(p.height, row + rows);
      set.addRows(rowsOf(p, row, end), rowsOf(truth, row, end));
    }
    set.endImage();
  }
  return set.values().get(metricLabel(of))!;
}

function expectClose(found: readonly (number | undefined)[], expected: readonly Value[]): void {
  expect(found.map((value) => value === undefined)).toEqual(expected.map((each) => each === null));
  expected.forEach((value, at) => value !== null && expect(found[at]).toBeCloseTo(value, 6));
}

const foreground = (values: readonly Value[]): Value => {
  const known = values.slice(1).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};

describe.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
  test('surface distance', () => {
    const { classes, mean } = measured(call('surface_distance'), [each]);
    expectClose([...classes, mean], [...each.surface_distance, foreground(each.surface_distance)]);
  });
  test.each(Object.keys(each.boundary_f1))('boundary F1 within %s pixels', (tolerance) => {
    const { classes, mean } = measured(call('boundary_f1', { tolerance: Number(tolerance) }), [
      each,
    ]);
    const expected = each.boundary_f1[tolerance]!;
    expectClose([...classes, mean], [...expected, foreground(expected)]);
  });
  test('area under the ROC curve', () => {
    const { classes, mean } = measured(call('auc'), [each]);
    expectClose([...classes, mean], [...each.auc, foreground(each.auc)]);
  });
  test.each(Object.keys(each.calibration_error))('calibration error in %s bins', (bins) => {
    const expected = each.calibration_error[bins]!;
    const { classes, mean } = measured(call('calibration_error', { bins: Number(bins) }), [each]);
    expectClose([...classes, mean], [...expected.classes, expected.mean]);
  });
  test.each(Object.keys(each.objects))('objects that overlap by more than %s', (iou) => {
    const counts = each.objects[iou]!;
    const precision = counts.map(
      (count) =>
        count &&
        (averagePrecision({
          truePositives: count[0],
          falsePositives: count[1],
          falseNegatives: count[2],
          overlap: count[3],
        }) ??
          null),
    );
    const found = measured(call('average_precision', { iou: Number(iou), per: 'set' }), [each]);
    expectClose([...found.classes, found.mean], [...precision, foreground(precision)]);
    if (iou !== '0.5') return;
    const quality = counts.map((count) => {
      if (count === null || count[0] + count[1] + count[2] === 0) return null;
      return count[3] / (count[0] + count[1] / 2 + count[2] / 2);
    });
    const panoptic = measured(call('panoptic_quality'), [each]);
    expectClose([...panoptic.classes, panoptic.mean], [...quality, foreground(quality)]);
  });
});

describe('several images of different sizes', () => {
  const some = cases.filter(({ classes }) => classes === 2);

  test('outlines: the mean of those that have a value', () => {
    const values = some.flatMap((each) => each.surface_distance[1] ?? []);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(measured(call('surface_distance'), some).classes[1]).toBeCloseTo(mean, 6);
  });

  test('objects: of all together, or the mean of images', () => {
    const counts = some.map((each) => each.objects['0.5']![1]!);
    const sum = (at: number): number => counts.reduce((all, count) => all + count[at]!, 0);
    const [tp, fp, fn, overlap] = [sum(0), sum(1), sum(2), sum(3)];
    const ofSet = measured(call('average_precision', { iou: 0.5, per: 'set' }), some);
    expect(ofSet.mean).toBeCloseTo(tp / (tp + fp + fn), 6);
    expect(measured(call('panoptic_quality'), some).mean).toBeCloseTo(
      panopticQuality({
        ...{ truePositives: tp, falsePositives: fp, falseNegatives: fn, overlap },
      })!,
      6,
    );
    const own = counts.flatMap(([a, b, c]) => (a + b + c === 0 ? [] : [a / (a + b + c)]));
    const ofImages = measured(call('average_precision', { iou: 0.5, per: 'image' }), some);
    expect(ofImages.mean).toBeCloseTo(own.reduce((all, one) => all + one, 0) / own.length, 6);
  });

  test.each(['auc', 'calibration_error', 'panoptic_quality', 'boundary_f1'] as const)(
    '%s: neither the parts of images nor one that was dropped change it',
    (name) => {
      const whole = measured(call(name), some, 1000);
      const set = new MetricSet([call(name)], 2);
      for (const each of some) {
        const [p, truth] = partsOf(each);
        set.addRows({ ...p, data: p.data.map((value) => 1 - value) }, truth);
        set.dropImage();
        for (let row = 0; row < p.height; row++) {
          set.addRows(rowsOf(p, row, row + 1), rowsOf(truth, row, row + 1));
        }
        set.endImage();
      }
      expect(set.values().get(name)).toEqual(whole);
    },
  );
});

test('labels say what is not usual', () => {
  expect(metricLabel(call('average_precision', { iou: 0.75, per: 'image' }))).toBe(
    'average_precision(per image, iou 0.75)',
  );
  expect(metricLabel(call('boundary_f1', { tolerance: 2 }))).toBe('boundary_f1');
  expect(metricLabel(call('boundary_f1', { tolerance: 0.5, threshold: 0.3 }))).toBe(
    'boundary_f1@0.3(tolerance 0.5)',
  );
  expect(metricLabel(call('calibration_error', { bins: 10 }))).toBe('calibration_error(bins 10)');
});

describe('images that were classified', () => {
  const told = (name: ClassMetricName, channels: number): MetricValue => {
    const set = new MetricSet([call(name, { bins: 2 })], Math.max(2, channels), true);
    const images = [
      [
        [0.9, 0.6, 0.1],
        [0, 1, 0],
      ],
      [
        [0.2, 0.7, 0.4],
        [0, 1, 1],
      ],
      [
        [0.3, 0.2, 0.3],
        [1, 0, 0],
      ],
    ] as const;
    for (const [p, truth] of images) {
      const probabilities = channels === 1 ? [p[1]] : [...p];
      set.addClassified(
        { probabilities, isExclusive: false },
        channels === 1 ? [truth[1]] : [...truth],
      );
      set.endImage();
    }
    return [...set.values().values()][0]!;
  };

  test('are ranked by what is said of each class', () => {
    expect(told('auc', 3)).toEqual({ classes: [0.5, 1, 1], mean: 1 });
    expect(told('auc', 1)).toEqual({ classes: [1, 1], mean: 1 });
  });
  test('are calibrated by class', () => {
    const { classes, mean } = told('calibration_error', 3);
    // Below 1/2: 0.2 and 0.3, of which half is true; above 0.9, which is not.
    expect(classes[0]).toBeCloseTo((2 * Math.abs(0.25 - 0.5) + 0.9) / 3, 6);
    expect(classes[1]).toBeCloseTo((2 * (1 - 0.65) + 0.2) / 3, 6);
    expect(mean).toBeCloseTo((classes[1]! + classes[2]!) / 2, 12);
  });
});
