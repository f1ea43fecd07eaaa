import * as tf from '../../tensorflow.js';
import { allocate, floats, imageShape, input, wasmKernel } from './heap.js';

/** What the gradient needs besides tensors. */
export interface MaxPoolGradientAttributes {
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Gradient of max pooling: each dy [n, oh, ow, c] goes to the first largest
 * pixel of its window in `input` [n, h, w, c]. Replaces the backend's kernel,
 * which is wrong for padded windows at odd sizes.
 */
export const maxPoolGradient = wasmKernel<MaxPoolGradientAttributes>('MaxPoolGrad', (call) => {
  const { backend, attributes } = call;
  const dy = input(call, 'dy');
  const images = input(call, 'input');
  const info = poolInfo(images, attributes);
  const result = allocate(backend, images.shape);
  const target = floats(backend, result);
  const values = floats(backend, images);
  const gradients = floats(backend, dy);
  target.fill(0);
  const halving =
    info.filterHeight === 2 &&
    info.filterWidth === 2 &&
    info.strideHeight === 2 &&
    info.strideWidth === 2 &&
    info.outHeight * 2 <= info.inHeight &&
    info.outWidth * 2 <= info.inWidth;
  if (halving) routeHalving(values, gradients, target, info);
  else routeWindows(values, gradients, target, info);
  return result;
});

/** Sizes and padding of the pooling. */
export function poolInfo(
  images: tf.TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolGradientAttributes,
): tf.backend_util.Conv2DInfo {
  const shape = imageShape(images);
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Windows of 2 x 2 that do not overlap: the pooling of almost every U-Net. */
function routeHalving(
  values: Float32Array,
  gradients: Float32Array,
  target: Float32Array,
  info: tf.backend_util.Conv2DInfo,
): void {
  const channels = info.inChannels;
  const row = info.inWidth * channels;
  let from = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oy = 0; oy < info.outHeight; oy++) {
      let at = (n * info.inHeight + oy * 2) * row;
      for (let ox = 0; ox < info.outWidth; ox++, at += channels) {
        for (let c = 0; c < channels; c++, at++, from++) {
          let best = values[at]!;
          let bestAt = at;
          let value = values[at + channels]!;
          if (value > best) {
            best = value;
            bestAt = at + channels;
          }
          value = values[at + row]!;
          if (value > best) {
            best = value;
            bestAt = at + row;
          }
          value = values[at + row + channels]!;
          if (value > best) bestAt = at + row + channels;
          target[bestAt] = gradients[from]!;
        }
      }
    }
  }
}

function routeWindows(
  values: Float32Array,
  gradients: Float32Array,
  target: Float32Array,
  info: tf.backend_util.Conv2DInfo,
): void {
  const { inHeight, inWidth, inChannels: channels, filterHeight, filterWidth } = info;
  let from = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oy = 0; oy < info.outHeight; oy++) {
      const top = oy * info.strideHeight - info.padInfo.top;
      const firstRow = Math.max(top, 0);
      const lastRow = Math.min(top + filterHeight, inHeight);
      for (let ox = 0; ox < info.outWidth; ox++) {
        const left = ox * info.strideWidth - info.padInfo.left;
        const firstColumn = Math.max(left, 0);
        const lastColumn = Math.min(left + filterWidth, inWidth);
        for (let c = 0; c < channels; c++, from++) {
          let best = -Infinity;
          let bestAt = -1;
          for (let y = firstRow; y < lastRow; y++) {
            for (let x = firstColumn; x < lastColumn; x++) {
              const at = ((n * inHeight + y) * inWidth + x) * channels + c;
              const value = values[at]!;
              if (value > best) {
                best = value;
                bestAt = at;
              }
            }
          }
          if (bestAt >= 0) target[bestAt]! += gradients[from]!;
        }
      }
    }
  }
}
