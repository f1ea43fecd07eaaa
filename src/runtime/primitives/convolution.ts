import * as tf from '@tensorflow/tfjs';
import { isSameTransposed, wordedPadding } from '../../codegen/tfjs/window-placement.js';
import {
  hasEdges,
  kernelReach,
  type ConvTransposeOp,
  type Edges,
  type Padding,
  type Pair,
} from '../../ir/operations/ops.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { runOne } from '../kernels/gradients.js';
import { dilatedConv2d, dilatedDepthwiseConv2d } from './dilated-convolution.js';
import { crop, padWith } from './edges.js';

/** What a convolution needs besides its tensors. */
export interface ConvolutionOptions {
  readonly stride: Pair;
  readonly padding: Padding;
  /** See `ConvOp`. */
  readonly dilation: Pair;
}

/** What a transposed convolution needs besides its tensors. */
export type TransposedOptions = Pick<ConvTransposeOp, 'stride' | 'edges' | 'outputPadding'>;

/**
 * Convolution of x [n, h, w, in] with kernel [kh, kw, in / groups, out]; padding
 * as `Padding` says. TensorFlow.js ignores groups, so each is a convolution of
 * its own; where every channel is a group it is a depthwise one.
 */
export function conv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions & { readonly groups: number },
): tf.Tensor4D {
  const { groups, ...each } = options;
  if (groups > 1) {
    const [kernelHeight, kernelWidth, read, filters] = kernel.shape;
    if (read === 1) {
      const shape: [number, number, number, number] = [
        kernelHeight,
        kernelWidth,
        groups,
        filters / groups,
      ];
      return depthwiseConv2d(x, tf.reshape(kernel, shape), each);
    }
    const kernels: tf.Tensor4D[] = tf.split(kernel, groups, 3);
    const parts: tf.Tensor4D[] = tf.split(x, groups, 3);
    return tf.concat(
      parts.map((part, index) => conv2d(part, kernels[index]!, { ...each, groups: 1 })),
      3,
    );
  }
  if (isDilated(options)) return dilated(dilatedConv2d, x, kernel, options);
  const { image, padding } = padExplicitly(x, kernelSize(kernel), options);
  return tf.conv2d(image, kernel, [...options.stride], padding);
}

/** Convolution of each channel of x [n, h, w, in] with its own kernels [kh, kw, in, multiplier]. */
export function depthwiseConv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
): tf.Tensor4D {
  if (isDilated(options)) return dilated(dilatedDepthwiseConv2d, x, kernel, options);
  const { image, padding } = padExplicitly(x, kernelSize(kernel), options);
  return tf.depthwiseConv2d(image, kernel, [...options.stride], padding);
}

const isDilated = ({ dilation }: ConvolutionOptions): boolean => dilation[0] > 1 || dilation[1] > 1;

/** Pads with zeros, convolves at every pixel and keeps those that the stride meets. */
function dilated(
  convolve: typeof dilatedConv2d,
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, padding, dilation }: ConvolutionOptions,
): tf.Tensor4D {
  const own = { kernel: kernelSize(kernel), dilation };
  const reach: Pair = [kernelReach(own, 0), kernelReach(own, 1)];
  const edges = explicitEdges(x, reach, stride, padding);
  const image = hasEdges(edges) ? padWith(x, edges, 0) : x;
  const dense = convolve(image, kernel, dilation);
  const skips = stride[0] > 1 || stride[1] > 1;
  return skips ? tf.avgPool(dense, [1, 1], [...stride], 'valid') : dense;
}

/**
 * Transposed convolution of x [n, h, w, in] with kernel [kh, kw, out, in]; its
 * output size is that of `ConvTransposeOp`.
 */
export function convTranspose2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, edges, outputPadding }: TransposedOptions,
): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const size = kernelSize(kernel);
  const filters = kernel.shape[2];
  const strides: [number, number] = [...stride];
  const span = (length: number, axis: 0 | 1): number =>
    (length - 1) * stride[axis] + size[axis] + outputPadding[axis];
  // The wasm engine mishandles 'same' where a stride exceeds its kernel.
  const gaps = size[0] < stride[0] || size[1] < stride[1];
  if (!gaps && isSameTransposed({ kernel: size, stride, edges, outputPadding })) {
    const same: Shape = [batch, height * stride[0], width * stride[1], filters];
    return tf.conv2dTranspose(x, kernel, same, strides, 'same');
  }
  const full: Shape = [batch, span(height, 0), span(width, 1), filters];
  const output = tf.conv2dTranspose(x, kernel, full, strides, 'valid');
  return hasEdges(edges) ? crop(output, edges) : output;
}

type Shape = [number, number, number, number];

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
  { stride, padding }: Omit<ConvolutionOptions, 'dilation'>,
): { image: tf.Tensor4D; padding: 'same' | 'valid' } {
  const worded = wordedPadding(padding, kernel, stride);
  if (worded === 'valid') return { image: x, padding: worded };
  const skips = stride[0] > kernel[0] || stride[1] > kernel[1];
  if (worded === 'same' && !skips) return { image: x, padding: worded };
  const edges = explicitEdges(x, kernel, stride, padding);
  return { image: hasEdges(edges) ? padWith(x, edges, 0) : x, padding: 'valid' };
}

/** The zeros that a padding stands for. */
function explicitEdges(x: tf.Tensor4D, kernel: Pair, stride: Pair, padding: Padding): Edges {
  return padding === 'same' ? samePadding([x.shape[1], x.shape[2]], kernel, stride) : padding;
}

function kernelSize(kernel: tf.Tensor4D): Pair {
  return [kernel.shape[0], kernel.shape[1]];
}
