import { beforeAll, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import {
  clipByNorm,
  clipByValue,
  type Gradients,
} from '../../../src/runtime/network/clip-gradients.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const gradients = (): Gradients => ({
  kernel: tf.tensor([
    [1, -2],
    [2, 4],
  ]),
  bias: tf.tensor([-12]),
});
const values = (found: Gradients): readonly number[] =>
  Object.values(found).flatMap((each) => [...each.dataSync()]);

test('by the norm: all are scaled by one number, the norm of all being 13', () => {
  const factor = 6.5 / (13 + 1e-6);
  expect(values(clipByNorm(6.5)(gradients()))).toEqual(
    [1, -2, 2, 4, -12].map((each) => expect.closeTo(each * factor, 5)),
  );
  expect(values(clipByNorm(13.1)(gradients()))).toEqual([1, -2, 2, 4, -12]);
  expect(clipByNorm(1)({})).toEqual({});
});

test('by the value: each for itself', () => {
  expect(values(clipByValue(2.5)(gradients()))).toEqual([1, -2, 2, 2.5, -2.5]);
});
