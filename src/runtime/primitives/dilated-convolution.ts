import * as tf from '@tensorflow/tfjs';
import type { Pair } from '../../ir/operations/ops.js';
import { runOne } from '../kernels/gradients.js';
import { hasKernel, kernelNames } from '../kernels/names.js';

/**
 * Unpadded convolution of x [n, h, w, in] with kernel [kh, kw, in, out], whose
 * taps lie `dilation` pixels apart, at every pixel. TensorFlow.js computes it but
 * refuses its gradient, which is ours and made of convolutions alone, so that
 * every engine runs it at full speed:
 * dx is dy, surrounded by zeros, convolved with the turned kernel and the same
 * dilation; dKernel[i, j, c, o] = sum over n, y, x of
 * x[n, y + i d, x + j d, c] dy[n, y, x, o] is a convolution whose images are the
 * channels of x, whose kernel is dy and whose stride is the dilation.
 */
export function dilatedConv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, dilation: Pair): tf.Tensor4D {
  const rates: [number, number] = [...dilation];
  const differentiable = tf.customGrad((image, taps, save) => {
    (save as tf.GradSaveFunc)([image as tf.Tensor, taps as tf.Tensor]);
    return {
      value: tf.conv2d(image as tf.Tensor4D, taps as tf.Tensor4D, 1, 'valid', 'NHWC', rates),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage, savedTaps] = saved as [tf.Tensor4D, tf.Tensor4D];
        const turned = tf.transpose(tf.reverse(savedTaps, [0, 1]), [0, 1, 3, 2]);
        const wide = surround(dy as tf.Tensor4D, savedTaps, dilation);
        const byChannel = tf.transpose(savedImage, [3, 1, 2, 0]);
        const asKernel = tf.transpose(dy as tf.Tensor4D, [1, 2, 0, 3]);
        return [
          tf.conv2d(wide, turned, 1, 'valid', 'NHWC', rates),
          tf.transpose(tf.conv2d(byChannel, asKernel, rates, 'valid'), [1, 2, 0, 3]),
        ];
      },
    };
  });
  return differentiable(x, kernel) as tf.Tensor4D;
}

/** As `dilatedConv2d`, with kernels [kh, kw, in, multiplier] for each channel of its own. */
export function dilatedDepthwiseConv2d(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dilation: Pair,
): tf.Tensor4D {
  const rates: [number, number] = [...dilation];
  const convolve = (image: tf.Tensor4D, taps: tf.Tensor4D): tf.Tensor4D =>
    tf.depthwiseConv2d(image, taps, 1, 'valid', 'NHWC', rates);
  const differentiable = tf.customGrad((image, taps, save) => {
    (save as tf.GradSaveFunc)([image as tf.Tensor, taps as tf.Tensor]);
    return {
      value: convolve(image as tf.Tensor4D, taps as tf.Tensor4D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage, savedTaps] = saved as [tf.Tensor4D, tf.Tensor4D];
        const [kernelHeight, kernelWidth, channels, multiplier] = savedTaps.shape;
        // Each output channel goes back through its own kernel; those of one input channel add up.
        const turned = tf.reshape(tf.reverse(savedTaps, [0, 1]), [
          kernelHeight,
          kernelWidth,
          channels * multiplier,
          1,
        ]) as tf.Tensor4D;
        const back = convolve(surround(dy as tf.Tensor4D, savedTaps, dilation), turned);
        const [batch, height, width] = back.shape;
        const dx =
          multiplier === 1
            ? back
            : tf.sum(tf.reshape(back, [batch, height, width, channels, multiplier]), -1);
        return [dx, depthwiseKernelGradient(savedImage, dy as tf.Tensor4D, savedTaps, rates)];
      },
    };
  });
  return differentiable(x, kernel) as tf.Tensor4D;
}

function depthwiseKernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  { shape }: tf.Tensor4D,
  dilations: [number, number],
): tf.Tensor {
  if (hasKernel(kernelNames.depthwiseFilterGradient)) {
    const attributes = { strides: [1, 1], dilations, pad: 'valid', filterShape: shape };
    return runOne(kernelNames.depthwiseFilterGradient, { x, dy }, attributes);
  }
  const [kernelHeight, kernelWidth, channels, multiplier] = shape;
  const [batch, height, width] = dy.shape;
  const gradients = tf.reshape(dy, [batch * height * width, channels, multiplier]);
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < kernelHeight; i++) {
    for (let j = 0; j < kernelWidth; j++) {
      const begin: [number, number, number, number] = [0, i * dilations[0], j * dilations[1], 0];
      const seen = tf.slice(x, begin, [batch, height, width, channels]);
      const pixels = tf.reshape(seen, [batch * height * width, channels, 1]);
      taps.push(tf.sum(tf.mul(pixels, gradients), 0));
    }
  }
  return tf.reshape(tf.stack(taps), shape);
}

/** Zeros around dy, as many as the kernel reaches beyond one pixel. */
function surround(dy: tf.Tensor4D, kernel: tf.Tensor4D, dilation: Pair): tf.Tensor4D {
  const vertical = (kernel.shape[0] - 1) * dilation[0];
  const horizontal = (kernel.shape[1] - 1) * dilation[1];
  return tf.pad(dy, [
    [0, 0],
    [vertical, vertical],
    [horizontal, horizontal],
    [0, 0],
  ]);
}
