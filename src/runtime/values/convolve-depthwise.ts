import * as tf from '../tensorflow.js';
import {
  convolutionWindows,
  keepStrides,
  surround,
  type ConvolutionOptions,
} from './convolution-windows.js';
import type { Pair } from './pair.js';
import { padForWindows } from './windows.js';

/**
 * Convolution of each channel of x [n, h, w, c] with its own kernels
 * [kh, kw, c, multiplier], whose taps lie `dilation` pixels apart; a dilated one is done at
 * every pixel, and those that the strides meet are kept.
 */
export function convolveDepthwise(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
  kernelGradient = depthwiseKernelGradient,
): tf.Tensor4D {
  const { strides, dilation } = options;
  return tf.tidy(() => {
    const padded = padForWindows(x, convolutionWindows(kernel.shape, options));
    const isDense = dilation[0] === 1 && dilation[1] === 1;
    if (isDense) return tf.depthwiseConv2d(padded, kernel, strides, 'valid');
    return keepStrides(convolveChannels(padded, kernel, dilation, kernelGradient), strides);
  });
}

/** TensorFlow.js computes dilated convolutions but refuses their gradient. */
function convolveChannels(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dilation: Pair,
  kernelGradient: typeof depthwiseKernelGradient,
): tf.Tensor4D {
  const convolve = (image: tf.Tensor4D, taps: tf.Tensor4D): tf.Tensor4D =>
    tf.depthwiseConv2d(image, taps, 1, 'valid', 'NHWC', dilation);
  const differentiable = tf.customGrad((image, taps, save) => {
    (save as tf.GradSaveFunc)([image as tf.Tensor, taps as tf.Tensor]);
    return {
      value: convolve(image as tf.Tensor4D, taps as tf.Tensor4D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage, savedTaps] = saved as [tf.Tensor4D, tf.Tensor4D];
        const [kernelHeight, kernelWidth, channels, multiplier] = savedTaps.shape;
        // Each output channel goes back through its own kernel; those of one input channel add up.
        const turned = tf.reshape<tf.Rank.R4>(tf.reverse(savedTaps, [0, 1]), [
          kernelHeight,
          kernelWidth,
          channels * multiplier,
          1,
        ]);
        const back = convolve(surround(dy as tf.Tensor4D, savedTaps, dilation), turned);
        const parts = [...back.shape.slice(0, 3), channels, multiplier];
        return [
          multiplier === 1 ? back : tf.sum(tf.reshape(back, parts), -1),
          kernelGradient(savedImage, dy as tf.Tensor4D, savedTaps.shape, dilation),
        ];
      },
    };
  });
  return differentiable(x, kernel) as tf.Tensor4D;
}

/** dKernel[i, j, c, m] = sum over n, y, x of x[n, y + i d, x + j d, c] dy[n, y, x, c m]. */
export function depthwiseKernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  shape: [number, number, number, number],
  dilation: Pair,
): tf.Tensor {
  const [kernelHeight, kernelWidth, channels, multiplier] = shape;
  const [batch, height, width] = dy.shape;
  const gradients = tf.reshape(dy, [-1, channels, multiplier]);
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < kernelHeight; i++) {
    for (let j = 0; j < kernelWidth; j++) {
      const start: [number, number, number, number] = [0, i * dilation[0], j * dilation[1], 0];
      const seen = tf.slice(x, start, [batch, height, width, channels]);
      taps.push(tf.sum(tf.mul(tf.reshape(seen, [-1, channels, 1]), gradients), 0));
    }
  }
  return tf.reshape(tf.stack(taps), shape);
}
