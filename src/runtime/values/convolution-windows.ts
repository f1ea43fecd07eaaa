import * as tf from '../tensorflow.js';
import { padImage } from './pad-image.js';
import type { Pair } from './pair.js';
import type { Windows } from './windows.js';

/** How a convolution moves over an image. */
export interface ConvolutionOptions extends Omit<Windows, 'size' | 'rounding'> {
  /** Pixels between neighbouring taps of the kernel. */
  readonly dilation: Pair;
}

/** The windows of a kernel of that size. */
export function convolutionWindows(
  [height = 1, width = 1]: readonly number[],
  { strides, padding, dilation }: ConvolutionOptions,
): Windows {
  const size: Pair = [(height - 1) * dilation[0] + 1, (width - 1) * dilation[1] + 1];
  return { size, strides, padding };
}

/** Of a convolution at every pixel, the pixels that its strides meet. */
export function keepStrides(dense: tf.Tensor4D, [down, across]: Pair): tf.Tensor4D {
  return down === 1 && across === 1 ? dense : tf.avgPool(dense, 1, [down, across], 'valid');
}

/** A gradient with zeros around it, as many as the kernel reaches beyond one pixel. */
export function surround(dy: tf.Tensor4D, kernel: tf.Tensor4D, dilation: Pair): tf.Tensor4D {
  const rows = (kernel.shape[0] - 1) * dilation[0];
  const columns = (kernel.shape[1] - 1) * dilation[1];
  return padImage(dy, [
    [rows, rows],
    [columns, columns],
  ]);
}
