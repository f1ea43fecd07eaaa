import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../../src/runtime/engines/start-engine.js';
import { simdFilterGradient } from '../../../../src/runtime/kernels/simd/filter-gradient.js';
import { convolutionFilterGradient } from '../../../../src/runtime/kernels/wasm/convolution-filter-gradient.js';
import type { WasmKernel } from '../../../../src/runtime/kernels/wasm/heap.js';
import { normalValues, relativeError } from '../../numeric.js';
import { convolutionCases, infoOf, type ConvolutionCase } from './convolution-cases.js';
import { runKernel } from './run-kernel.js';
import { forEachProduct } from './reference.js';

beforeAll(async () => {
  await startEngine('wasm');
});

/** With SIMD, and as hosts without it compute the same. */
const kernels: readonly (readonly [string, WasmKernel])[] = [
  ['with SIMD', simdFilterGradient],
  ['without', convolutionFilterGradient],
];

function gradientBy(kernel: WasmKernel, of: ConvolutionCase, x: Float32Array, dy: Float32Array) {
  const { outShape } = infoOf(of);
  const inputs = { x: { values: x, shape: of.image }, dy: { values: dy, shape: outShape } };
  return runKernel(kernel, inputs, { ...of, filterShape: of.filter });
}

describe.each(kernels)('the gradient of a filter, %s', (_name, kernel) => {
  test.each(convolutionCases.map((each) => [each.title, each] as const))('%s', (_title, each) => {
    const info = infoOf(each);
    const x = normalValues(each.image, 1);
    const dy = normalValues(info.outShape, 2);
    const expected = new Float64Array(tf.util.sizeFromShape(each.filter));
    forEachProduct(info, (image, filter, output) => {
      expected[filter]! += x[image]! * dy[output]!;
    });
    expect(relativeError(gradientBy(kernel, each, x, dy), expected)).toBeLessThan(4e-6);
  });
});

test('the same bits each time', () => {
  const [each] = convolutionCases.slice(-2);
  const x = normalValues(each!.image, 3);
  const dy = normalValues(infoOf(each!).outShape, 4);
  const run = () => gradientBy(simdFilterGradient, each!, x, dy);
  expect(run()).toEqual(run());
});

test('a heap that grows for the result leaves its inputs in place', () => {
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  const before = wasm.HEAPU8.buffer;
  // The outer product of two pixels: 2048 x 2048 values, more than the heap begins with.
  const size = 2048;
  const each: ConvolutionCase = {
    ...{ title: '', image: [1, 1, 1, size], filter: [1, 1, size, size] },
    ...{ strides: [1, 1], pad: 'valid' },
  };
  const x = normalValues(each.image, 5);
  const dy = normalValues([1, 1, 1, size], 6);
  const gradient = gradientBy(simdFilterGradient, each, x, dy);
  expect(wasm.HEAPU8.buffer).not.toBe(before);
  for (const [c, o] of [
    [0, 0],
    [17, 2047],
    [2047, 1],
    [1024, 1023],
  ] as const) {
    expect(gradient[c * size + o]).toBe(Math.fround(x[c]! * dy[o]!));
  }
});
