import type * as tf from '../../tensorflow.js';
import { convolutionInfo, type InputGradientAttributes } from '../convolution-attributes.js';
import type { WasmBackend } from './heap.js';
import { allocate, floats, imageShape, input, release, runNested, wasmKernel } from './heap.js';

type Conv2DInfo = tf.backend_util.Conv2DInfo;

/**
 * Gradient of a 2-D convolution with respect to its input, and the forward pass
 * of a transposed convolution: dy [n, oh, ow, out] and filter [kh, kw, in, out]
 * give [n, h, w, in]. The backend's own kernel is naive, 3 to 8 times slower.
 */
export const convolutionInputGradient = wasmKernel<InputGradientAttributes>(
  'Conv2DBackpropInput',
  (call) => {
    const { backend, attributes } = call;
    const dy = input(call, 'dy');
    const filter = input(call, 'filter');
    const forward = convolutionInfo(attributes.inputShape, imageShape(filter), attributes);
    return isPatchwise(forward)
      ? scatterPatches(backend, dy, filter, forward)
      : correlateRotated(backend, dy, filter, forward);
  },
);

/** True where windows neither overlap nor leave gaps: every output pixel owns one patch of the input. */
function isPatchwise(info: Conv2DInfo): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  return (
    filterHeight === strideHeight &&
    filterWidth === strideWidth &&
    filterHeight * filterWidth > 1 &&
    info.inHeight === info.outHeight * filterHeight &&
    info.inWidth === info.outWidth * filterWidth
  );
}

/** A 1 x 1 convolution makes the values of each patch, whose rows are then copied to their places. */
function scatterPatches(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: Conv2DInfo,
): tf.TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth } = info;
  const patchSize = filterHeight * filterWidth * inChannels;
  const rows = runNested(backend, 'Transpose', { x: filter }, { perm: [3, 0, 1, 2] });
  const pointwise: tf.TensorInfo = { ...rows, shape: [1, 1, outChannels, patchSize] };
  const patches = convolve(backend, dy, pointwise, [0, 0, 0, 0]);
  release(backend, rows);

  const result = allocate(backend, [batchSize, inHeight, inWidth, inChannels]);
  const source = floats(backend, patches);
  const target = floats(backend, result);
  const run = filterWidth * inChannels;
  let from = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        for (let i = 0; i < filterHeight; i++) {
          let to = ((n * inHeight + y * filterHeight + i) * inWidth + x * filterWidth) * inChannels;
          for (let k = 0; k < run; k++) target[to++] = source[from++]!;
        }
      }
    }
  }
  release(backend, patches);
  return result;
}

/** dy, spread out by the stride, convolved with the filter turned by 180 degrees. */
function correlateRotated(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: Conv2DInfo,
): tf.TensorInfo {
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
  const strided = strideHeight > 1 || strideWidth > 1;
  const rotated = rotateFilter(backend, filter);
  const spread = strided ? spreadPixels(backend, dy, strideHeight, strideWidth) : dy;
  const [, height, width] = imageShape(spread);
  const top = filterHeight - 1 - padInfo.top;
  const left = filterWidth - 1 - padInfo.left;
  const bottom = info.inHeight - (height + top - filterHeight + 1);
  const right = info.inWidth - (width + left - filterWidth + 1);
  const edges = [top, bottom, left, right].map((edge) => Math.max(edge, 0));
  let result = convolve(backend, spread, rotated, edges);
  release(backend, rotated);
  if (strided) release(backend, spread);

  // A negative edge: padding of the forward pass wider than the kernel; its gradient is cut away.
  if (top < 0 || left < 0 || bottom < 0 || right < 0) {
    const begin = [0, Math.max(-top, 0), Math.max(-left, 0), 0];
    const uncut = result;
    result = runNested(backend, 'Slice', { x: uncut }, { begin, size: info.inShape });
    release(backend, uncut);
  }
  return result;
}

function convolve(
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  [top, bottom, left, right]: readonly number[],
): tf.TensorInfo {
  const pad = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const attributes = { strides: [1, 1], pad, dataFormat: 'NHWC', dilations: [1, 1] };
  return runNested(backend, 'Conv2D', { x, filter }, attributes);
}

/** [kh, kw, in, out] to [kh, kw, out, in] with both kernel axes reversed. */
function rotateFilter(backend: WasmBackend, filter: tf.TensorInfo): tf.TensorInfo {
  const [kernelHeight, kernelWidth, channelsIn, filters] = imageShape(filter);
  const result = allocate(backend, [kernelHeight, kernelWidth, filters, channelsIn]);
  const source = floats(backend, filter);
  const target = floats(backend, result);
  const taps = kernelHeight * kernelWidth;
  const plane = channelsIn * filters;
  for (let tap = 0; tap < taps; tap++) {
    const from = (taps - 1 - tap) * plane;
    const to = tap * plane;
    for (let c = 0; c < channelsIn; c++) {
      for (let o = 0; o < filters; o++) {
        target[to + o * channelsIn + c] = source[from + c * filters + o]!;
      }
    }
  }
  return result;
}

/** Puts stride - 1 zeros between neighbouring pixels. */
function spreadPixels(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  strideHeight: number,
  strideWidth: number,
): tf.TensorInfo {
  const [batch, height, width, channels] = imageShape(dy);
  const spreadHeight = (height - 1) * strideHeight + 1;
  const spreadWidth = (width - 1) * strideWidth + 1;
  const result = allocate(backend, [batch, spreadHeight, spreadWidth, channels]);
  const source = floats(backend, dy);
  const target = floats(backend, result);
  target.fill(0);
  let from = 0;
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let to = ((n * spreadHeight + y * strideHeight) * spreadWidth + x * strideWidth) * channels;
        for (let c = 0; c < channels; c++) target[to++] = source[from++]!;
      }
    }
  }
  return result;
}
