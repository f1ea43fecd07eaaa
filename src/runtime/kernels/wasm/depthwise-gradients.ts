import * as tf from '@tensorflow/tfjs';
import { allocate, floats, imageShape, input, wasmKernel } from './heap.js';

interface Attributes {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

function depthwiseInfo(
  inputShape: Shape4D,
  filterShape: Shape4D,
  attributes: Attributes,
): tf.backend_util.Conv2DInfo {
  const { strides, dilations, pad, dimRoundingMode } = attributes;
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
}

/**
 * Gradient of a depthwise convolution with respect to its filter, which the
 * backend lacks: x [n, h, w, in] and dy [n, oh, ow, in * m] give
 * [kh, kw, in, m]. Sums are kept in float64.
 */
export const depthwiseFilterGradient = wasmKernel<Attributes & { readonly filterShape: Shape4D }>(
  'DepthwiseConv2dNativeBackpropFilter',
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const dy = input(call, 'dy');
    const info = depthwiseInfo(imageShape(x), attributes.filterShape, attributes);
    const [kernelHeight, kernelWidth, channels, multiplier] = attributes.filterShape;
    const result = allocate(backend, attributes.filterShape);
    const images = floats(backend, x);
    const gradients = floats(backend, dy);
    const outputs = channels * multiplier;
    const sums = new Float64Array(kernelHeight * kernelWidth * outputs);
    for (let n = 0; n < info.batchSize; n++) {
      for (let oy = 0; oy < info.outHeight; oy++) {
        for (let i = 0; i < kernelHeight; i++) {
          const y = oy * info.strideHeight - info.padInfo.top + i * info.dilationHeight;
          if (y < 0 || y >= info.inHeight) continue;
          for (let ox = 0; ox < info.outWidth; ox++) {
            const from = ((n * info.outHeight + oy) * info.outWidth + ox) * outputs;
            for (let j = 0; j < kernelWidth; j++) {
              const column = ox * info.strideWidth - info.padInfo.left + j * info.dilationWidth;
              if (column < 0 || column >= info.inWidth) continue;
              const pixel = ((n * info.inHeight + y) * info.inWidth + column) * channels;
              const tap = (i * kernelWidth + j) * outputs;
              if (multiplier === 1) {
                for (let c = 0; c < channels; c++) {
                  sums[tap + c]! += images[pixel + c]! * gradients[from + c]!;
                }
              } else {
                for (let o = 0; o < outputs; o++) {
                  sums[tap + o]! += images[pixel + ((o / multiplier) | 0)]! * gradients[from + o]!;
                }
              }
            }
          }
        }
      }
    }
    floats(backend, result).set(sums);
    return result;
  },
);

/**
 * Gradient of a depthwise convolution with respect to its input, which the
 * backend lacks: dy [n, oh, ow, in * m] and filter [kh, kw, in, m] give
 * [n, h, w, in].
 */
export const depthwiseInputGradient = wasmKernel<Attributes & { readonly inputShape: Shape4D }>(
  'DepthwiseConv2dNativeBackpropInput',
  (call) => {
    const { backend, attributes } = call;
    const dy = input(call, 'dy');
    const filter = input(call, 'filter');
    const info = depthwiseInfo(attributes.inputShape, imageShape(filter), attributes);
    const [kernelHeight, kernelWidth, channels, multiplier] = imageShape(filter);
    const result = allocate(backend, attributes.inputShape);
    const gradients = floats(backend, dy);
    const taps = floats(backend, filter);
    const target = floats(backend, result);
    target.fill(0);
    const outputs = channels * multiplier;
    for (let n = 0; n < info.batchSize; n++) {
      for (let oy = 0; oy < info.outHeight; oy++) {
        for (let i = 0; i < kernelHeight; i++) {
          const y = oy * info.strideHeight - info.padInfo.top + i * info.dilationHeight;
          if (y < 0 || y >= info.inHeight) continue;
          for (let ox = 0; ox < info.outWidth; ox++) {
            const from = ((n * info.outHeight + oy) * info.outWidth + ox) * outputs;
            for (let j = 0; j < kernelWidth; j++) {
              const column = ox * info.strideWidth - info.padInfo.left + j * info.dilationWidth;
              if (column < 0 || column >= info.inWidth) continue;
              const pixel = ((n * info.inHeight + y) * info.inWidth + column) * channels;
              const tap = (i * kernelWidth + j) * outputs;
              if (multiplier === 1) {
                for (let c = 0; c < channels; c++) {
                  target[pixel + c]! += taps[tap + c]! * gradients[from + c]!;
                }
              } else {
                for (let o = 0; o < outputs; o++) {
                  target[pixel + ((o / multiplier) | 0)]! += taps[tap + o]! * gradients[from + o]!;
                }
              }
            }
          }
        }
      }
    }
    return result;
  },
);
