import * as tf from '@tensorflow/tfjs';
import type { Edges, Pair, Padding } from '../../ir/ops.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { runOne } from '../kernels/gradients.js';
import { crop, hasEdges, padWith } from './edges.js';

/** What a convolution needs besides its tensors. */
export interface ConvolutionOptions {
  readonly stride: Pair;
  readonly padding: Padding;
}

/** Convolution of x [n, h, w, in] with kernel [kh, kw, in, out]; padding as `Padding` says. */
export function conv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
): tf.Tensor4D {
  const { image, padding } = padExplicitly(x, kernelSize(kernel), options);
  return tf.conv2d(image, kernel, [...options.stride], padding);
}

/** Convolution of each channel of x [n, h, w, in] with its own kernels [kh, kw, in, multiplier]. */
export function depthwiseConv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
): tf.Tensor4D {
  const { image, padding } = padExplicitly(x, kernelSize(kernel), options);
  return tf.depthwiseConv2d(image, kernel, [...options.stride], padding);
}

/**
 * Transposed convolution of x [n, h, w, in] with kernel [kh, kw, out, in]; its
 * output size is that of `ConvTransposeOp`.
 */
export function convTranspose2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const [kernelHeight, kernelWidth] = kernelSize(kernel);
  const [strideHeight, strideWidth] = options.stride;
  const filters = kernel.shape[2];
  // 'same' is 'valid' less its overhang of k - s pixels, the odd one taken below and right. It is
  // written so because the wasm engine mishandles 'same' where a stride exceeds its kernel.
  const overhangHeight = Math.max(kernelHeight - strideHeight, 0);
  const overhangWidth = Math.max(kernelWidth - strideWidth, 0);
  const strides: [number, number] = [strideHeight, strideWidth];
  if (typeof options.padding === 'object') {
    const full: [number, number, number, number] = [
      batch,
      (height - 1) * strideHeight + kernelHeight,
      (width - 1) * strideWidth + kernelWidth,
      filters,
    ];
    return crop(tf.conv2dTranspose(x, kernel, full, strides, 'valid'), options.padding);
  }
  const gaps = kernelHeight < strideHeight || kernelWidth < strideWidth;
  const same = options.padding === 'same';
  if (same && !gaps) {
    const size: [number, number, number, number] = [
      batch,
      height * strideHeight,
      width * strideWidth,
      filters,
    ];
    return tf.conv2dTranspose(x, kernel, size, strides, 'same');
  }
  const valid: [number, number, number, number] = [
    batch,
    height * strideHeight + overhangHeight,
    width * strideWidth + overhangWidth,
    filters,
  ];
  const full = tf.conv2dTranspose(x, kernel, valid, strides, 'valid');
  if (!same) return full;
  const top = Math.floor(overhangHeight / 2);
  const left = Math.floor(overhangWidth / 2);
  return crop(full, { top, bottom: overhangHeight - top, left, right: overhangWidth - left });
}

/** Adds a bias [c] to x [..., c]. */
export function addBias(x: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  if (!hasKernel(kernelNames.channelSum)) return tf.add(x, bias);
  const differentiable = tf.customGrad((image, offset) => ({
    value: tf.add(image as tf.Tensor, offset as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [tf.clone(dy), runOne(kernelNames.channelSum, { x: dy })],
  }));
  return differentiable(x, bias) as tf.Tensor4D;
}

/** TensorFlow's 'same' padding: total max((ceil(in / s) - 1) s + k - in, 0), the odd pixel below and right. */
export function samePadding(size: Pair, kernel: Pair, stride: Pair): Edges {
  const [top, bottom] = samePaddingOfAxis(size[0], kernel[0], stride[0]);
  const [left, right] = samePaddingOfAxis(size[1], kernel[1], stride[1]);
  return { top, bottom, left, right };
}

function samePaddingOfAxis(size: number, kernel: number, stride: number): [number, number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

/**
 * Stated edges become zeros of the image, because the tfjs-node engine takes
 * only 'same' and 'valid'. So does 'same' where a stride exceeds the kernel: the
 * wasm engine places such windows wrongly. Gives the image and padding for `tf.conv2d`.
 */
export function padExplicitly(
  x: tf.Tensor4D,
  kernel: Pair,
  { stride, padding }: ConvolutionOptions,
): { image: tf.Tensor4D; padding: 'same' | 'valid' } {
  if (padding === 'valid') return { image: x, padding };
  const skips = stride[0] > kernel[0] || stride[1] > kernel[1];
  if (padding === 'same' && !skips) return { image: x, padding };
  const [, height, width] = x.shape;
  const edges = padding === 'same' ? samePadding([height, width], kernel, stride) : padding;
  return { image: hasEdges(edges) ? padWith(x, edges, 0) : x, padding: 'valid' };
}

function kernelSize(kernel: tf.Tensor4D): Pair {
  return [kernel.shape[0], kernel.shape[1]];
}
