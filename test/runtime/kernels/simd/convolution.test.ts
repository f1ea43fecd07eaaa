import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../../src/runtime/engines/start-engine.js';
import {
  simdConvolution,
  simdFusedConvolution,
} from '../../../../src/runtime/kernels/simd/convolution.js';
import {
  simdInputGradient,
  simdTransposedConvolution,
} from '../../../../src/runtime/kernels/simd/input-gradient.js';
import { convolutionInputGradient } from '../../../../src/runtime/kernels/wasm/convolution-input-gradient.js';
import type { WasmKernel } from '../../../../src/runtime/kernels/wasm/heap.js';
import { normalValues, relativeError } from '../../numeric.js';
import { convolutionCases, infoOf, type ConvolutionCase } from './convolution-cases.js';
import { forEachProduct } from './reference.js';
import { runKernel } from './run-kernel.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const titled = convolutionCases.map((each) => [each.title, each] as const);

/** The convolution of a case in float64, with a bias for each output. */
function defined(
  of: ConvolutionCase,
  dilations: [number, number],
  x: Float32Array,
  filter: Float32Array,
  bias?: Float32Array,
): Float64Array {
  const info = tf.backend_util.computeConv2DInfo(
    ...([of.image, of.filter, of.strides, dilations, of.pad] as const),
  );
  const values = new Float64Array(tf.util.sizeFromShape(info.outShape));
  if (bias) values.forEach((_, at) => (values[at] = bias[at % bias.length]!));
  forEachProduct(info, (image, tap, output) => {
    values[output]! += x[image]! * filter[tap]!;
  });
  return values;
}

describe('a convolution', () => {
  test.each(titled)('%s', (_title, each) => {
    const x = normalValues(each.image, 1);
    const filter = normalValues(each.filter, 2);
    const inputs = {
      x: { values: x, shape: each.image },
      filter: { values: filter, shape: each.filter },
    };
    const found = runKernel(simdConvolution, inputs, { ...each, dilations: [1, 1] });
    expect(relativeError(found, defined(each, [1, 1], x, filter))).toBeLessThan(1e-6);
  });

  test.each([
    [[2, 2], 'same'],
    [[3, 1], 'valid'],
    [[1, 2], 'same'],
  ] as const)('dilated by %s, %s', (dilations, pad) => {
    const each: ConvolutionCase = {
      ...{ title: '', image: [2, 9, 8, 3], filter: [3, 3, 3, 10], strides: [1, 1], pad },
    };
    const x = normalValues(each.image, 1);
    const filter = normalValues(each.filter, 2);
    const inputs = {
      x: { values: x, shape: each.image },
      filter: { values: filter, shape: each.filter },
    };
    const found = runKernel(simdConvolution, inputs, { ...each, dilations });
    const expected = defined(each, [...dilations], x, filter);
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
  });
});

describe('a convolution with a bias and an activation', () => {
  const each: ConvolutionCase = {
    ...{ title: '', image: [2, 6, 7, 5], filter: [3, 3, 5, 11], strides: [1, 1], pad: 'same' },
  };
  const x = normalValues(each.image, 1);
  const filter = normalValues(each.filter, 2);
  const bias = normalValues([11], 3);
  const inputs = {
    x: { values: x, shape: each.image },
    filter: { values: filter, shape: each.filter },
    bias: { values: bias, shape: [11] },
  };
  const sums = defined(each, [1, 1], x, filter, bias);

  test.each([
    ['linear', (value: number) => value],
    ['relu', (value: number) => Math.max(value, 0)],
    ['relu6', (value: number) => Math.min(Math.max(value, 0), 6)],
  ] as const)('%s', (activation, apply) => {
    const kernel = simdFusedConvolution(() => {
      throw new Error('the stock kernel is not needed');
    });
    const found = runKernel(kernel, inputs, { ...each, dilations: [1, 1], activation });
    expect(relativeError(found, sums.map(apply))).toBeLessThan(1e-6);
  });

  test('the heap may grow between its parts', () => {
    const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
    const size = 2048;
    const pixel: ConvolutionCase = {
      ...{ title: '', image: [1, 1, 1, size], filter: [1, 1, size, size] },
      ...{ strides: [1, 1], pad: 'valid' },
    };
    // The packed filter takes 16 MiB: the first of a row of calls that keep what they make grow it.
    const kept: tf.Tensor[] = [];
    const before = wasm.HEAPU8.buffer;
    const ones = new Float32Array(size).fill(1);
    while (wasm.HEAPU8.buffer === before) {
      kept.push(tf.zeros([1, 1, size, size]));
      const found = runKernel(
        simdFusedConvolution(() => []),
        {
          x: { values: ones, shape: pixel.image },
          filter: { values: new Float32Array(size * size).fill(0.5), shape: pixel.filter },
          bias: { values: ones, shape: [size] },
        },
        { ...pixel, dilations: [1, 1], activation: 'linear' },
      );
      expect(found.every((value) => value === size / 2 + 1)).toBe(true);
    }
    tf.dispose(kept);
  });

  test('an activation that is no limit is left to the backend', () => {
    const convolve = (engine: tf.Tensor4D): tf.Tensor4D =>
      tf.fused.conv2d({
        ...{ x: engine, filter: tf.tensor4d(filter, each.filter), strides: 1, pad: 'same' },
        ...{ bias: tf.tensor1d(bias), activation: 'sigmoid' },
      });
    const found = tf.tidy(() => convolve(tf.tensor4d(x, each.image)).dataSync());
    const expected = sums.map((value) => 1 / (1 + Math.exp(-value)));
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
  });
});

/** With SIMD, and as hosts without it compute the same. */
const gradients: readonly (readonly [string, WasmKernel])[] = [
  ['with SIMD', simdInputGradient],
  ['without', convolutionInputGradient],
];

describe.each(gradients)('the gradient of an image, %s', (_name, kernel) => {
  test.each(titled)('%s', (_title, each) => {
    const info = infoOf(each);
    const dy = normalValues(info.outShape, 1);
    const filter = normalValues(each.filter, 2);
    const inputs = {
      dy: { values: dy, shape: info.outShape },
      filter: { values: filter, shape: each.filter },
    };
    const found = runKernel(kernel, inputs, { ...each, inputShape: each.image });
    const expected = new Float64Array(tf.util.sizeFromShape(each.image));
    forEachProduct(info, (image, tap, output) => {
      expected[image]! += filter[tap]! * dy[output]!;
    });
    expect(relativeError(found, expected)).toBeLessThan(1e-6);
  });
});

test.each(titled)('a transposed convolution with a bias, %s', (_title, each) => {
  const info = infoOf(each);
  const dy = normalValues(info.outShape, 1);
  const filter = normalValues(each.filter, 2);
  const channels = each.image[3];
  const bias = normalValues([channels], 3);
  const inputs = {
    dy: { values: dy, shape: info.outShape },
    filter: { values: filter, shape: each.filter },
    bias: { values: bias, shape: [channels] },
  };
  const found = runKernel(simdTransposedConvolution, inputs, { ...each, inputShape: each.image });
  const expected = Float64Array.from(found, (_, at) => bias[at % channels]!);
  forEachProduct(info, (image, tap, output) => {
    expected[image]! += filter[tap]! * dy[output]!;
  });
  expect(relativeError(found, expected)).toBeLessThan(1e-6);
});
