import { beforeEach, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { differentiate, normalValues, relativeError, type TensorFunction } from '../numeric.js';
import { describeOnWebgpu } from '../webgpu.js';
import { convolutionCases, type ConvolutionCase } from './simd/convolution-cases.js';

type T4 = tf.Tensor4D;

/** Products of several tiles each way, with every width of a tile. */
const larger: readonly ConvolutionCase[] = [
  {
    ...{ title: 'many channels', image: [1, 6, 7, 40], filter: [3, 3, 40, 70] },
    ...{ strides: [2, 1], pad: 'same' },
  },
  {
    ...{ title: 'some of both', image: [2, 20, 18, 33], filter: [2, 2, 33, 30] },
    ...{ strides: [2, 2], pad: 'valid' },
  },
];

/** Holds values and gradients on webgpu to those of the plain engine. */
async function compare(run: TensorFunction, shapes: readonly (readonly number[])[]): Promise<void> {
  const args = shapes.map((shape, at) => ({ shape, values: normalValues(shape, at + 1) }));
  const cpu = await differentiate('cpu', run, args);
  const card = await differentiate('webgpu', run, args);
  expect(relativeError(card.output, cpu.output)).toBeLessThan(1e-5);
  cpu.gradients.forEach((expected, at) => {
    expect(relativeError(card.gradients[at]!, expected)).toBeLessThan(1e-5);
  });
}

describeOnWebgpu('convolutions of the webgpu engine are right:', () => {
  beforeEach(async () => {
    await startEngine('webgpu');
  });

  test.each([...convolutionCases, ...larger].map((each) => [each.title, each] as const))(
    'gradients of %s',
    async (_title, { image, filter, strides, pad }) => {
      const run: TensorFunction = (x, taps) => tf.conv2d(x as T4, taps as T4, strides, pad);
      await compare(run, [image, filter]);
    },
  );

  test.each([
    [2, 2, 'valid'],
    [3, 2, 'same'],
    [4, 2, 'same'],
    [2, 3, 'valid'],
    [3, 1, 'same'],
  ] as const)('a transposed convolution of size %i by stride %i, %s', async (size, stride, pad) => {
    const span = (length: number): number =>
      pad === 'same' ? length * stride : (length - 1) * stride + Math.max(size, stride);
    const shape: [number, number, number, number] = [2, span(5), span(7), 6];
    const run: TensorFunction = (x, taps) =>
      tf.conv2dTranspose(x as T4, taps as T4, shape, stride, pad);
    await compare(run, [
      [2, 5, 7, 9],
      [size, size, 6, 9],
    ]);
  });
});
