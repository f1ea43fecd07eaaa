import * as tf from '../tensorflow.js';
import { isSameTransposed, wordedPadding } from '../../codegen/tfjs/window-placement.js';
import {
  hasEdges,
  type ConvTransposeOp,
  type Padding,
  type Pair,
} from '../../ir/operations/ops.js';
import { hasKernel, kernelNames } from '../kernels/names.js';
import { runOne } from '../kernels/gradients.js';
import type { ConvolutionOptions as ValueOptions } from '../values/convolution-windows.js';
import { convolveDepthwise } from '../values/convolve-depthwise.js';
import { convolveDilated } from '../values/convolve-dilated.js';
import { convolveGroups } from '../values/convolve-groups.js';
import { padForWindows, type Windows } from '../values/windows.js';
import { crop, edgePairs } from './edges.js';
import { depthwiseKernelGradientOfEngine } from './kernel-gradients.js';

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
  const [kernelHeight, kernelWidth, read, filters] = kernel.shape;
  if (groups > 1 && read === 1) {
    const shape: Shape = [kernelHeight, kernelWidth, groups, filters / groups];
    return depthwiseConv2d(x, tf.reshape(kernel, shape), each);
  }
  return convolveGroups(x, kernel, groups, (part, own) => {
    if (isDilated(each)) return convolveDilated(part, own, valueOptions(each));
    const { image, padding } = padExplicitly(part, kernelSize(own), each);
    return tf.conv2d(image, own, [...each.stride], padding);
  });
}

/** Convolution of each channel of x [n, h, w, in] with its own kernels [kh, kw, in, multiplier]. */
export function depthwiseConv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
): tf.Tensor4D {
  if (isDilated(options)) {
    const own = valueOptions(options);
    return convolveDepthwise(x, kernel, own, depthwiseKernelGradientOfEngine);
  }
  const { image, padding } = padExplicitly(x, kernelSize(kernel), options);
  return tf.depthwiseConv2d(image, kernel, [...options.stride], padding);
}

const isDilated = ({ dilation }: ConvolutionOptions): boolean => dilation[0] > 1 || dilation[1] > 1;

const valueOptions = ({ stride, padding, dilation }: ConvolutionOptions): ValueOptions => ({
  strides: [...stride],
  padding: typeof padding === 'string' ? padding : edgePairs(padding),
  dilation: [...dilation],
});

/**
 * Transposed convolution of x [n, h, w, in] with kernel [kh, kw, out, in], and a bias [out] if
 * there is one; its output size is that of `ConvTransposeOp`.
 */
export function convTranspose2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { stride, edges, outputPadding }: TransposedOptions,
  bias?: tf.Tensor1D,
): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const size = kernelSize(kernel);
  const filters = kernel.shape[2];
  const span = (length: number, axis: 0 | 1): number =>
    (length - 1) * stride[axis] + size[axis] + outputPadding[axis];
  // The wasm engine mishandles 'same' where a stride exceeds its kernel.
  const gaps = size[0] < stride[0] || size[1] < stride[1];
  if (!gaps && isSameTransposed({ kernel: size, stride, edges, outputPadding })) {
    const same: Shape = [batch, height * stride[0], width * stride[1], filters];
    return transpose(x, kernel, bias, same, [...stride], 'same');
  }
  const full: Shape = [batch, span(height, 0), span(width, 1), filters];
  const output = transpose(x, kernel, bias, full, [...stride], 'valid');
  return hasEdges(edges) ? crop(output, edges) : output;
}

/** A transposed convolution whose output has that shape; with its bias in one kernel where there is one. */
function transpose(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  inputShape: Shape,
  strides: [number, number],
  pad: 'same' | 'valid',
): tf.Tensor4D {
  if (bias !== undefined && hasKernel(kernelNames.transposedConvolution)) {
    const inputs = { dy: x, filter, bias };
    const attributes = { strides, pad, inputShape };
    return runOne(kernelNames.transposedConvolution, inputs, attributes) as tf.Tensor4D;
  }
  const output = tf.conv2dTranspose(x, filter, inputShape, strides, pad);
  return bias === undefined ? output : addBias(output, bias);
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
  const edges = typeof worded === 'string' ? worded : edgePairs(worded);
  const windows: Windows = { size: [...kernel], strides: [...stride], padding: edges };
  return { image: padForWindows(x, windows), padding: 'valid' };
}

function kernelSize(kernel: tf.Tensor4D): Pair {
  return [kernel.shape[0], kernel.shape[1]];
}
