import { expect, test } from '@jest/globals';
import type { ComponentCall, MetricName } from '../../../src/ir/recipe.js';
import { targetMetrics } from '../../../src/runtime/metrics/target-metrics.js';

const call = (name: MetricName): ComponentCall<MetricName> => ({
  ...{ name, options: {} },
  origin: { file: 'a.unet', start: 0, end: 0 },
});
const rows = (height: number, width: number, channels: number, data: readonly number[]) => ({
  ...{ height, width, channels },
  data: Float32Array.from(data),
});
const plane = (...values: readonly number[]): Float32Array => Float32Array.from(values);

test('errors of values are those of all values, whatever the rows; what is unknown counts nowhere', () => {
  const set = targetMetrics({ form: 'values', channels: 2, classCount: 2 }, [
    ...[call('mae'), call('dice'), call('rmse')],
  ]);
  // Errors by channel: 1, -3 and 2; 0, (unknown) and -4.
  set.addRows(rows(1, 2, 2, [2, 5, 1, 9]), [plane(1, 4), plane(5, NaN)]);
  set.addRows(rows(1, 1, 2, [4, 1]), [plane(2), plane(5)]);
  set.endImage();
  set.addRows(rows(1, 1, 2, [100, 100]), [plane(0), plane(0)]);
  set.dropImage();
  const values = set.values();
  expect([...values.keys()]).toEqual(['mae', 'rmse']);
  expect(values.get('mae')).toEqual({ classes: [2, 2], mean: 2 });
  const { classes, mean } = values.get('rmse')!;
  expect(classes[0]).toBeCloseTo(Math.sqrt((1 + 9 + 4) / 3), 12);
  expect(classes[1]).toBeCloseTo(Math.sqrt(16 / 2), 12);
  expect(mean).toBeCloseTo(Math.sqrt(30 / 5), 12);
});

test('where no value is known there is none of the metric', () => {
  const set = targetMetrics({ form: 'values', channels: 1, classCount: 2 }, [call('mae')]);
  set.addRows(rows(1, 2, 1, [1, 2]), [plane(NaN, NaN)]);
  set.endImage();
  expect(set.values().get('mae')).toEqual({ classes: [undefined], mean: undefined });
});

test('classes that lie over each other count each for itself', () => {
  const set = targetMetrics({ form: 'planes', channels: 2, classCount: 2 }, [call('dice')]);
  // Channel 0: one of two found; channel 1: both found, and one more.
  set.addRows(rows(1, 4, 2, [0.9, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.1]), [
    plane(1, 1, 0, 0),
    plane(1, 1, 0, 0),
  ]);
  set.endImage();
  const { classes, mean } = set.values().get('dice')!;
  expect(classes).toEqual([2 / 3, 4 / 5]);
  expect(mean).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
});

test('class numbers are those of a mask, of which unknown ones have no class', () => {
  const set = targetMetrics({ form: 'classes', channels: 3, classCount: 3 }, [call('accuracy')]);
  const likely = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0];
  set.addRows(rows(1, 4, 3, likely), [plane(0, 1, 1, NaN)]);
  set.endImage();
  expect(set.values().get('accuracy')!.mean).toBeCloseTo(2 / 3, 12);
});
