import type * as tf from '../../tensorflow.js';
import { depthwiseInfo, type DepthwiseInputGradientAttributes } from '../convolution-attributes.js';
import type { WasmBackend } from './heap.js';
import { allocate, floats, imageShape, input, release, runNested, wasmKernel } from './heap.js';

/**
 * Gradient of a depthwise convolution with respect to its input, which the
 * backend lacks: dy [n, oh, ow, in * m] and filter [kh, kw, in, m] give
 * [n, h, w, in].
 */
export const depthwiseInputGradient = wasmKernel<DepthwiseInputGradientAttributes>(
  'DepthwiseConv2dNativeBackpropInput',
  (call) => {
    const { backend, attributes } = call;
    const dy = input(call, 'dy');
    const filter = input(call, 'filter');
    const info = depthwiseInfo(attributes.inputShape, imageShape(filter), attributes);
    const single = imageShape(filter)[3] === 1;
    return single
      ? correlateRotated(backend, dy, filter, info)
      : scatterWindows(backend, dy, filter, info);
  },
);

/** One kernel a channel: dy, spread out and surrounded by zeros, convolved with the turned filter. */
function correlateRotated(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
): tf.TensorInfo {
  const [kernelHeight, kernelWidth, channels] = imageShape(filter);
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const { dilationHeight, dilationWidth } = info;
  // The surrounded image is as large as the input plus the reach of the kernel.
  const reachHeight = (kernelHeight - 1) * dilationHeight;
  const reachWidth = (kernelWidth - 1) * dilationWidth;
  const height = inHeight + reachHeight;
  const width = inWidth + reachWidth;
  const spread = allocate(backend, [info.batchSize, height, width, channels]);
  const rotated = allocate(backend, filter.shape);
  const source = floats(backend, dy);
  const target = floats(backend, spread);
  target.fill(0);
  let from = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y = oy * info.strideHeight + reachHeight - padInfo.top;
      for (let ox = 0; ox < outWidth; ox++, from += channels) {
        const x = ox * info.strideWidth + reachWidth - padInfo.left;
        // Windows that lie in the padding alone reach no pixel of the input.
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        const to = ((n * height + y) * width + x) * channels;
        for (let c = 0; c < channels; c++) target[to + c] = source[from + c]!;
      }
    }
  }
  const taps = floats(backend, filter);
  const turned = floats(backend, rotated);
  const last = kernelHeight * kernelWidth - 1;
  for (let tap = 0; tap <= last; tap++) {
    turned.set(taps.subarray((last - tap) * channels, (last - tap + 1) * channels), tap * channels);
  }
  const result = runNested(
    backend,
    'DepthwiseConv2dNative',
    { x: spread, filter: rotated },
    { strides: [1, 1], pad: 'valid', dilations: [dilationHeight, dilationWidth] },
  );
  release(backend, spread);
  release(backend, rotated);
  return result;
}

/** Several kernels a channel: each dy is given back to the pixels of its window. */
function scatterWindows(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
): tf.TensorInfo {
  const [kernelHeight, kernelWidth, channels, multiplier] = imageShape(filter);
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = info;
  const result = allocate(backend, info.inShape);
  const gradients = floats(backend, dy);
  const taps = floats(backend, filter);
  const target = floats(backend, result);
  target.fill(0);
  const outputs = channels * multiplier;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let i = 0; i < kernelHeight; i++) {
        const y = oy * info.strideHeight - padInfo.top + i * info.dilationHeight;
        if (y < 0 || y >= inHeight) continue;
        for (let ox = 0; ox < outWidth; ox++) {
          const from = ((n * outHeight + oy) * outWidth + ox) * outputs;
          for (let j = 0; j < kernelWidth; j++) {
            const x = ox * info.strideWidth - padInfo.left + j * info.dilationWidth;
            if (x < 0 || x >= inWidth) continue;
            const pixel = ((n * inHeight + y) * inWidth + x) * channels;
            const tap = (i * kernelWidth + j) * outputs;
            for (let o = 0; o < outputs; o++) {
              target[pixel + ((o / multiplier) | 0)]! += taps[tap + o]! * gradients[from + o]!;
            }
          }
        }
      }
    }
  }
  return result;
}
