import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../../src/runtime/engines/start-engine.js';
import { simdAdamStep } from '../../../../src/runtime/kernels/simd/adam-step.js';
import {
  simdBatchNormTraining,
  simdBatchNormTrainingGradient,
} from '../../../../src/runtime/kernels/simd/batch-norm.js';
import { simdMaxPool, simdMaxPoolGradient } from '../../../../src/runtime/kernels/simd/max-pool.js';
import { batchNormTraining } from '../../../../src/runtime/kernels/wasm/batch-norm-forward.js';
import { batchNormTrainingGradient } from '../../../../src/runtime/kernels/wasm/batch-norm-gradient.js';
import type { WasmKernel } from '../../../../src/runtime/kernels/wasm/heap.js';
import { maxPoolGradient } from '../../../../src/runtime/kernels/wasm/max-pool-gradient.js';
import { adamStep } from '../../../../src/runtime/kernels/wasm/optimizer-steps.js';
import { distinctValues, normalValues, relativeError } from '../../numeric.js';
import { runKernel, runKernels } from './run-kernel.js';

beforeAll(async () => {
  await startEngine('wasm');
});

/** With SIMD, and as hosts without it compute the same. */
const twice = <T>(simd: T, plain: T): readonly (readonly [string, T])[] => [
  ['with SIMD', simd],
  ['without', plain],
];

/** Sizes of images; channels below, at and above whole vectors. */
const shapes = [1, 3, 4, 7, 8, 21].flatMap((channels) =>
  (
    [
      [2, 5, 4],
      [1, 1, 1],
      [3, 4, 9],
    ] as const
  ).map((size) => [...size, channels] as const),
);

const epsilon = 1e-3;

/** Batch normalisation and its gradient in float64, for each channel. */
function normalised(x: Float32Array, dy: Float32Array, channels: number, relu: boolean) {
  const count = x.length / channels;
  const y = new Float64Array(x.length);
  const dx = new Float64Array(x.length);
  const [mean, variance, dGamma, dBeta] = Array.from(
    { length: 4 },
    () => new Float64Array(channels),
  );
  for (let c = 0; c < channels; c++) {
    const places = Array.from({ length: count }, (_, at) => at * channels + c);
    const sum = (of: (at: number) => number): number =>
      places.reduce((total, at) => total + of(at), 0);
    mean![c] = sum((at) => x[at]!) / count;
    variance![c] = sum((at) => (x[at]! - mean![c]!) ** 2) / count;
    const inverse = 1 / Math.sqrt(variance![c]! + epsilon);
    const unit = (at: number): number => (x[at]! - mean![c]!) * inverse;
    for (const at of places) {
      const value = unit(at) * gammaOf(c) + betaOf(c);
      y[at] = relu ? Math.max(value, 0) : value;
    }
    const g = (at: number): number => (relu && y[at]! <= 0 ? 0 : dy[at]!);
    dBeta![c] = sum(g);
    dGamma![c] = sum((at) => g(at) * unit(at));
    for (const at of places) {
      dx[at] = gammaOf(c) * inverse * (g(at) - (dBeta![c]! + unit(at) * dGamma![c]!) / count);
    }
  }
  return { y, mean: mean!, variance: variance!, dx, dGamma: dGamma!, dBeta: dBeta! };
}

const gammaOf = (channel: number): number => Math.fround(1.5 - 0.25 * channel);
const betaOf = (channel: number): number => Math.fround(0.1 + 0.05 * channel);

describe.each(
  twice<readonly [WasmKernel, WasmKernel]>(
    [simdBatchNormTraining, simdBatchNormTrainingGradient],
    [batchNormTraining, batchNormTrainingGradient],
  ),
)('batch normalisation, %s', (_name, [forward, backward]) => {
  describe.each([true, false])('ReLU %s', (relu) => {
    test.each(shapes)('%d x %d x %d x %d', (...shape) => {
      const channels = shape[3];
      const x = normalValues(shape, 1).map((value) => Math.fround(value * 2 + 3));
      const dy = normalValues(shape, 2);
      const defined = normalised(x, dy, channels, relu);
      const vector = (values: ArrayLike<number>) => ({
        values: Float32Array.from(values),
        shape: [channels],
      });
      const gamma = vector(Array.from({ length: channels }, (_, c) => gammaOf(c)));
      const beta = vector(Array.from({ length: channels }, (_, c) => betaOf(c)));
      const image = { values: x, shape };
      const attributes = { epsilon, relu };
      const [y, mean, variance] = runKernels(forward, { x: image, gamma, beta }, attributes);
      expect(relativeError(y!, defined.y)).toBeLessThan(1e-5);
      expect(relativeError(mean!, defined.mean)).toBeLessThan(1e-6);
      expect(relativeError(variance!, defined.variance)).toBeLessThan(1e-5);
      const [dx, dGamma, dBeta] = runKernels(
        backward,
        {
          ...{ x: image, gamma, dy: { values: dy, shape }, y: { values: y!, shape } },
          ...{ mean: vector(mean!), variance: vector(variance!) },
        },
        attributes,
      );
      expect(relativeError(dBeta!, defined.dBeta)).toBeLessThan(1e-5);
      // One pixel is its own mean: nothing but rounding is left of its gradient.
      if (x.length === channels) return;
      expect(relativeError(dGamma!, defined.dGamma)).toBeLessThan(1e-5);
      expect(relativeError(dx!, defined.dx)).toBeLessThan(1e-5);
    });
  });
});

describe.each(twice(simdMaxPoolGradient, maxPoolGradient))(
  'the gradient of max pooling, %s',
  (_name, kernel) => {
    test.each([
      [[2, 6, 4, 5], 2, 'valid'],
      [[1, 8, 8, 8], 2, 'same'],
      [[2, 7, 5, 4], 2, 'valid'],
      [[2, 7, 5, 4], 2, 'same'],
      [[1, 9, 6, 3], 3, 'same'],
    ] as const)('%j, windows of %d, %s', async (shape, size, pad) => {
      const values = distinctValues(shape, 1);
      // Equal values share a window: the first of them is taken.
      for (let at = 0; at < values.length; at += 3) values[at] = Math.round(values[at]!);
      await tf.setBackend('cpu');
      const [dy, expected] = tf.tidy(() => {
        const image = tf.tensor4d(values, [...shape]);
        const pooled = tf.maxPool(image, size, size, pad);
        const gradient = normalValues(pooled.shape, 2);
        const back = tf.grad((x) =>
          tf.sum(
            tf.mul(
              tf.maxPool(x as tf.Tensor4D, size, size, pad),
              tf.tensor(gradient, pooled.shape),
            ),
          ),
        )(image);
        return [{ values: gradient, shape: pooled.shape }, Float32Array.from(back.dataSync())];
      });
      await tf.setBackend('wasm');
      const attributes = { filterSize: [size, size], strides: [size, size], pad };
      const inputs = { dy, input: { values, shape } };
      expect(relativeError(runKernel(kernel, inputs, attributes), expected)).toBeLessThan(1e-6);
    });
  },
);

describe('max pooling', () => {
  test.each([
    [[2, 6, 4, 5], 'valid'],
    [[1, 8, 10, 8], 'same'],
    [[1, 2, 2, 1], 'valid'],
    [[3, 4, 6, 13], 'valid'],
  ] as const)('%j, %s', (shape, pad) => {
    const kernel = simdMaxPool(() => {
      throw new Error('the stock kernel is not needed');
    });
    const values = normalValues(shape, 1);
    values[0] = NaN;
    const attributes = { filterSize: [2, 2], strides: [2, 2], pad };
    const found = runKernel(kernel, { x: { values, shape } }, attributes);
    const [batch, height, width, channels] = shape;
    const expected: number[] = [];
    for (let y = 0; y < (batch * height) / 2; y++) {
      for (let x = 0; x < width / 2; x++) {
        for (let c = 0; c < channels; c++) {
          const at = (2 * y * width + 2 * x) * channels + c;
          const below = at + width * channels;
          const window = [at, at + channels, below, below + channels];
          expected.push(Math.max(...window.map((place) => values[place]!)));
        }
      }
    }
    expect([...found]).toEqual(expected);
  });

  test.each([
    [[2, 7, 6, 5], 2, 'valid'],
    [[1, 6, 6, 3], 3, 'same'],
  ] as const)('%j, windows of %d, %s: left to the backend', async (shape, size, pad) => {
    const results: number[][] = [];
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const x = tf.tensor4d(normalValues(shape, 1), [...shape]);
      results.push([...tf.maxPool(x, size, size, pad).dataSync()]);
    }
    expect(results[1]).toEqual(results[0]);
  });
});

describe.each(twice(simdAdamStep, adamStep))('a step of Adam, %s', (_name, kernel) => {
  test.each([1, 3, 4, 50])('of %d values', (size) => {
    const step = {
      ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: 0.1 },
      ...{ correction1: 1 - 0.9 ** 3, correction2: 1 - 0.999 ** 3 },
    };
    const [weight, gradient, mean, square] = [1, 2, 3, 4].map((seed) => normalValues([size], seed));
    const squares = square!.map((value) => value * value);
    const given = { weight: weight!, gradient: gradient!, mean: mean!, square: squares };
    const inputs = Object.fromEntries(
      Object.entries(given).map(([name, values]) => [name, { values, shape: [size] }]),
    );
    const found = runKernels(kernel, inputs, step);
    const m = Float64Array.from(mean!, (value, at) => 0.9 * value + 0.1 * gradient![at]!);
    const s = Float64Array.from(
      squares,
      (value, at) => 0.999 * value + 0.001 * gradient![at]! ** 2,
    );
    const w = Float64Array.from(weight!, (value, at) => {
      const root = Math.sqrt(s[at]! / step.correction2) + step.epsilon;
      return value * (1 - 0.01 * 0.1) - (0.01 * (m[at]! / step.correction1)) / root;
    });
    [w, m, s].forEach((expected, at) => {
      expect(relativeError(found[at]!, expected)).toBeLessThan(1e-6);
    });
  });
});

describe('joining and cutting', () => {
  test.each([
    [[2, 3, 4], [1, 2, 5], 3],
    [[2, 3, 4], [4, 8], -1],
    [[2, 3, 4], [3, 1], 0],
    [[2, 3, 4], [2, 1, 1], 1],
  ] as const)('%j along an axis', async (size, parts, axis) => {
    const shapeOf = (part: number): number[] => {
      const shape: number[] = [...size, 6];
      shape[axis < 0 ? axis + 4 : axis] = part;
      return shape;
    };
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const results: number[][] = [];
      for (const backend of ['cpu', 'wasm']) {
        await tf.setBackend(backend);
        const run = (): number[] => {
          const tensors = parts.map((part, at) => {
            const shape = shapeOf(part);
            const values = normalValues(shape, at).map((value) => Math.round(value * 9));
            return tf.tensor([...values], shape, dtype);
          });
          const joined = tf.concat(tensors, axis);
          const cut = tf.split(joined, [...parts], axis);
          return [joined, ...cut].flatMap((tensor) => [...tensor.shape, ...tensor.dataSync()]);
        };
        results.push(run());
      }
      expect(results[1]).toEqual(results[0]);
    }
  });
});

describe('taking slices along an axis', () => {
  test.each([
    [[3, 4, 5, 6], [2, 0, 2, 1], 0],
    [[3, 4, 5, 6], [3, 3, 0, 1, 2], 1],
    [[3, 4, 5, 6], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4], 2],
    [[3, 4, 5, 8], [4, 1], -2],
    [[3, 4, 5, 6], [5, 0, 0], 3],
    [[7], [6, 0, 3], 0],
  ] as const)('%j, %j along axis %d', async (shape, places, axis) => {
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const results: number[][] = [];
      for (const backend of ['cpu', 'wasm']) {
        await tf.setBackend(backend);
        const values = normalValues(shape, 1).map((value) => Math.round(value * 9));
        const taken = tf.tidy(() => {
          const indices = tf.tensor1d([...places], 'int32');
          const made = tf.gather(tf.tensor([...values], [...shape], dtype), indices, axis);
          return [...made.shape, ...made.dataSync()];
        });
        results.push(taken);
      }
      expect(results[1]).toEqual(results[0]);
    }
  });

  test('indices of several axes, and one beyond the axis', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    const taken = tf.gather(x, tf.tensor2d([2, 0, 1, 1], [2, 2], 'int32'));
    expect([taken.shape, [...taken.dataSync()]]).toEqual([
      [2, 2, 2],
      [5, 6, 1, 2, 3, 4, 3, 4],
    ]);
    expect(() => tf.gather(x, tf.tensor1d([3], 'int32'))).toThrow(
      'the index value 3 is not in [0, 2]',
    );
    tf.dispose([x, taken]);
  });
});
