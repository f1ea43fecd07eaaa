import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as tf from '../../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../../src/runtime/engines/start-engine.js';
import { keptFilters } from '../../../../src/runtime/kernels/simd/kept-filters.js';
import type { WasmBackend } from '../../../../src/runtime/kernels/wasm/heap.js';
import { normalValues } from '../../numeric.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const keptBytes = (): number => keptFilters(tf.backend() as unknown as WasmBackend).bytes;

beforeEach(() => {
  expect(keptBytes()).toBe(0);
});

type Shape = [number, number, number, number];

const tensor = (shape: Shape, seed: number): tf.Tensor4D =>
  tf.tensor4d(normalValues(shape, seed), shape);

const valuesOf = (make: () => tf.Tensor): number[] => tf.tidy(() => [...make().dataSync()]);

const image = (): tf.Tensor4D => tensor([2, 6, 7, 8], 1);

/** Convolutions that read their filter in different forms. */
const convolutions: readonly (readonly [string, Shape, (filter: tf.Tensor4D) => tf.Tensor])[] = [
  [
    'tiles',
    [3, 3, 8, 12],
    (filter) => tf.fused.conv2d({ x: image(), filter, strides: 1, pad: 'same' }),
  ],
  ['windows', [3, 3, 8, 12], (filter) => tf.conv2d(image(), filter, 2, 'same')],
  [
    'phases of a transposed convolution',
    [3, 3, 5, 8],
    (filter) => tf.conv2dTranspose(image(), filter, [2, 12, 14, 5], 2, 'same'),
  ],
];

test.each(convolutions)('%s: kept from the second use on, with the same bits', (_n, shape, run) => {
  const filter = tensor(shape, 2);
  const first = valuesOf(() => run(filter));
  expect(keptBytes()).toBe(0);
  const others = [1, 2, 3].map(() => {
    const values = valuesOf(() => run(filter));
    return { values, bytes: keptBytes() };
  });
  expect(others[0]!.bytes).toBeGreaterThan(0);
  for (const { values, bytes } of others) {
    expect(values).toEqual(first);
    expect(bytes).toBe(others[0]!.bytes);
  }
  // A second handle on the values holds them.
  const handle = filter.clone();
  filter.dispose();
  expect(keptBytes()).toBe(others[0]!.bytes);
  expect(valuesOf(() => run(handle))).toEqual(first);
  handle.dispose();
});

test.each(convolutions)('%s: a variable that is assigned has its new values', (_n, shape, run) => {
  const seeds = [3, 4];
  const expected = seeds.map((seed) => valuesOf(() => run(tensor(shape, seed))));
  const variable = tf.tidy(() => tf.variable(tensor(shape, 3)));
  for (const turn of [0, 1, 0, 1]) {
    tf.tidy(() => variable.assign(tensor(shape, seeds[turn]!)));
    for (let use = 0; use < 3; use++) expect(valuesOf(() => run(variable))).toEqual(expected[turn]);
    expect(keptBytes()).toBeGreaterThan(0);
  }
  variable.dispose();
});

test('one tensor may be a filter of several shapes, strides and directions', () => {
  const filter = tensor([3, 3, 8, 16], 5);
  const wide = tf.reshape<tf.Rank.R4>(filter, [3, 3, 16, 8]);
  const uses: readonly (() => tf.Tensor)[] = [
    () => tf.conv2d(image(), filter, 1, 'same'),
    () => tf.conv2d(tensor([1, 5, 5, 16], 6), wide, 1, 'same'),
    () => tf.conv2dTranspose(tensor([1, 5, 5, 16], 6), filter, [1, 5, 5, 8], 1, 'same'),
    () => tf.conv2dTranspose(image(), wide, [2, 12, 14, 16], 2, 'same'),
    () => tf.conv2dTranspose(image(), wide, [2, 18, 21, 16], 3, 'same'),
  ];
  const expected = uses.map(valuesOf);
  for (let round = 0; round < 3; round++) expect(uses.map(valuesOf)).toEqual(expected);
  tf.dispose([filter, wide]);
});

test('no more than a bound is kept, and all is given back', () => {
  const size = 2048;
  const ones = tf.ones<tf.Rank.R4>([1, 1, 1, size]);
  const filters = [1, 2, 3, 4, 5, 6].map((value) => tf.fill([1, 1, size, size], value));
  for (let round = 0; round < 3; round++) {
    for (const [at, filter] of filters.entries()) {
      const [first] = valuesOf(() => tf.conv2d(ones, filter as tf.Tensor4D, 1, 'valid'));
      expect(first).toBe((at + 1) * size);
    }
  }
  const bytes = keptBytes();
  expect(bytes).toBe(4 * size * size * 4);
  filters[0]!.dispose();
  expect(keptBytes()).toBe(bytes - size * size * 4);
  tf.dispose([ones, ...filters]);
});
