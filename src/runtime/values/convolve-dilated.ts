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
 * Convolution of x [n, h, w, in] with kernel [kh, kw, in, out], whose taps lie `dilation`
 * pixels apart; a dilated one is done at every pixel, and those that the strides meet are kept.
 */
export function convolveDilated(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
): tf.Tensor4D {
  const { strides, dilation } = options;
  return tf.tidy(() => {
    const padded = padForWindows(x, convolutionWindows(kernel.shape, options));
    const isDense = dilation[0] === 1 && dilation[1] === 1;
    if (isDense) return tf.conv2d(padded, kernel, strides, 'valid');
    return keepStrides(convolveEverywhere(padded, kernel, dilation), strides);
  });
}

/**
 * TensorFlow.js computes dilated convolutions but refuses their gradient. It is made of
 * convolutions: dx is dy, surrounded by zeros, convolved with the turned kernel and the same
 * dilation; dKernel[i, j, c, o] = sum over n, y, x of x[n, y + i d, x + j d, c] dy[n, y, x, o]
 * is a convolution whose images are the channels of x, whose kernel is dy and whose stride
 * is the dilation.
 */
function convolveEverywhere(x: tf.Tensor4D, kernel: tf.Tensor4D, dilation: Pair): tf.Tensor4D {
  const differentiable = tf.customGrad((image, taps, save) => {
    (save as tf.GradSaveFunc)([image as tf.Tensor, taps as tf.Tensor]);
    return {
      value: tf.conv2d(image as tf.Tensor4D, taps as tf.Tensor4D, 1, 'valid', 'NHWC', dilation),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage, savedTaps] = saved as [tf.Tensor4D, tf.Tensor4D];
        const turned = tf.transpose(tf.reverse(savedTaps, [0, 1]), [0, 1, 3, 2]);
        const wide = surround(dy as tf.Tensor4D, savedTaps, dilation);
        const byChannel = tf.transpose(savedImage, [3, 1, 2, 0]);
        const asKernel = tf.transpose(dy as tf.Tensor4D, [1, 2, 0, 3]);
        return [
          tf.conv2d(wide, turned, 1, 'valid', 'NHWC', dilation),
          tf.transpose(tf.conv2d(byChannel, asKernel, dilation, 'valid'), [1, 2, 0, 3]),
        ];
      },
    };
  });
  return differentiable(x, kernel) as tf.Tensor4D;
}
