import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { hasKernel, kernelNames } from '../../../src/runtime/kernels/names.js';
import { registerWasmKernels } from '../../../src/runtime/kernels/wasm/register.js';
import type { Argument, TensorFunction } from '../numeric.js';
import {
  differentiate,
  distinctValues,
  finiteDifferences,
  normalValues,
  relativeError,
} from '../numeric.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const normal = (shape: readonly number[], seed: number): Argument => ({
  shape,
  values: normalValues(shape, seed),
});

/** Operations of TensorFlow.js whose gradients run on our kernels, in forms that our primitives never use. */
const operations: readonly (readonly [string, TensorFunction, readonly Argument[]])[] = [
  ...[
    [7, 5],
    [8, 6],
    [9, 9],
  ].map(
    ([height, width]) =>
      [
        `maxPool 'same' of ${height} x ${width}`,
        (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same'),
        [
          {
            shape: [2, height!, width!, 3],
            values: distinctValues([2, height!, width!, 3], 1),
          },
        ],
      ] as const,
  ),
  [
    'conv2d with explicit padding wider than its kernel',
    (x, kernel) =>
      tf.conv2d(
        x as tf.Tensor4D,
        kernel as tf.Tensor4D,
        [2, 1],
        [
          [0, 0],
          [3, 2],
          [0, 4],
          [0, 0],
        ],
      ),
    [normal([2, 5, 6, 3], 2), normal([2, 3, 3, 4], 3)],
  ],
  ['gather', (x) => tf.gather(x, tf.tensor1d([2, 0, 2, 1, 2], 'int32'), 0), [normal([3, 2, 4], 4)]],
  [
    'gather along an inner axis',
    (x) => tf.gather(x, tf.tensor1d([1, 1, 0], 'int32'), 1),
    [normal([3, 2, 4], 5)],
  ],
];

describe.each(operations)('%s', (_title, run, args) => {
  test('has the right gradient', async () => {
    const onWasm = await differentiate('wasm', run, args);
    const numeric = await finiteDifferences('wasm', run, args, 2e-3);
    numeric.forEach((expected, at) => {
      expect(relativeError(onWasm.gradients[at]!, expected)).toBeLessThan(6e-3);
    });
  });
});

describe('the registry', () => {
  test('has our kernels on wasm and not on cpu', async () => {
    for (const [backend, expected] of [
      ['wasm', true],
      ['cpu', false],
    ] as const) {
      await tf.setBackend(backend);
      for (const name of Object.values(kernelNames)) {
        expect([backend, name, hasKernel(name)]).toEqual([backend, name, expected]);
      }
    }
    await tf.setBackend('wasm');
  });

  test('takes them only once', async () => {
    const before = tf.getKernel('Conv2DBackpropInput', 'wasm');
    await registerWasmKernels();
    expect(tf.getKernel('Conv2DBackpropInput', 'wasm')).toBe(before);
  });
});

describe('memory', () => {
  test('every gradient kernel gives back what it takes', () => {
    const backend = tf.engine().backend;
    const step = (): void => {
      tf.tidy(() => {
        const x = tf.tensor4d(normalValues([2, 6, 7, 4], 1), [2, 6, 7, 4]);
        const kernel = tf.tensor4d(normalValues([3, 3, 4, 5], 2), [3, 3, 4, 5]);
        const depthwise = tf.tensor4d(normalValues([3, 3, 4, 2], 3), [3, 3, 4, 2]);
        const up = tf.tensor4d(normalValues([2, 2, 3, 4], 4), [2, 2, 3, 4]);
        for (const stride of [1, 2]) {
          tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 'same'))([
            x,
            kernel,
          ]);
          tf.grads((a, b) =>
            tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, 'same'),
          )([x, depthwise]);
        }
        tf.grads((a, b) =>
          tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [2, 12, 14, 3], 2, 'valid'),
        )([x, up]);
        tf.grad((a) => tf.maxPool(a as tf.Tensor4D, 2, 2, 'valid'))(x);
      });
    };
    step();
    const before = backend.numDataIds();
    for (let round = 0; round < 20; round++) step();
    expect(backend.numDataIds()).toBe(before);
  });

  test('a clone shares its values and outlives its original', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const clone = x.clone();
    const ids = tf.engine().backend.numDataIds();
    x.dispose();
    expect(tf.engine().backend.numDataIds()).toBe(ids);
    expect([...clone.dataSync()]).toEqual([1, 2, 3]);
    clone.dispose();
    expect(tf.engine().backend.numDataIds()).toBe(ids - 1);
  });
});

test('a convolution sees weights that an update has changed', () => {
  const x = tf.ones<tf.Rank.R4>([1, 3, 3, 1]);
  const kernel = tf.variable(tf.ones<tf.Rank.R4>([3, 3, 1, 1]));
  const centre = (): number => tf.tidy(() => tf.conv2d(x, kernel, 1, 'valid').dataSync()[0]!);
  expect(centre()).toBe(9);
  kernel.assign(tf.fill([3, 3, 1, 1], 2) as tf.Tensor4D);
  expect(centre()).toBe(18);
});
