import { expect, test } from '@jest/globals';
import { IGNORED } from '../../../src/runtime/data/pixels.js';
import { ReliabilityCounter } from '../../../src/runtime/report/measure/reliability-counter.js';

const rows = (channels: number, ...values: number[]) => ({
  ...{ height: 1, width: values.length / channels, channels },
  data: Float32Array.from(values),
});
const mask = (...classes: number[]) => ({
  ...{ height: 1, width: classes.length },
  data: Uint8Array.from(classes),
});

test('one channel: how often the foreground is there, by the probability told', () => {
  const counter = new ReliabilityCounter(1);
  counter.addRows(rows(1, 0.9, 0.9, 0.9, 0.9, 0.1, 0.5), mask(1, 1, 0, 0, 0, IGNORED));
  counter.endImage();
  const [{ class: found, bins, error } = { class: 0, bins: [], error: 0 }] = counter.value();
  expect(found).toBe(1);
  expect(bins.filter((bin) => bin !== null)).toEqual([
    { count: 1, probability: expect.closeTo(0.1), right: 0 },
    { count: 4, probability: expect.closeTo(0.9), right: 0.5 },
  ]);
  // |0.1 - 0| for one pixel, |0.9 - 0.5| for four.
  expect(error).toBeCloseTo((0.1 + 4 * 0.4) / 5);
});

test('several channels: the likeliest class first, then each', () => {
  const counter = new ReliabilityCounter(3);
  counter.addRows(rows(3, 0.7, 0.2, 0.1, 0.1, 0.6, 0.3), mask(0, 2));
  counter.endImage();
  const [likeliest, ...classes] = counter.value();
  expect(likeliest!.class).toBeNull();
  expect(likeliest!.error).toBeCloseTo((0.3 + 0.6) / 2);
  expect(classes.map((each) => each.class)).toEqual([0, 1, 2]);
  expect(classes[2]!.error).toBeCloseTo((0.1 + 0.7) / 2);
});

test('an image that is dropped counts for nothing', () => {
  const counter = new ReliabilityCounter(1);
  counter.addRows(rows(1, 0.9), mask(0));
  counter.dropImage();
  counter.addRows(rows(1, 1), mask(1));
  counter.endImage();
  expect(counter.value()[0]).toMatchObject({ error: 0 });
});

test('the channels of whole images are independent of each other', () => {
  const counter = new ReliabilityCounter(2);
  counter.addClassified(rows(2, 0.2, 0.8), [0, 1]);
  counter.endImage();
  expect(counter.value().map((each) => each.class)).toEqual([0, 1]);
  expect(counter.value()[1]!.error).toBeCloseTo(0.2);
});
