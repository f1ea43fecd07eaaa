import type { InterpolationAttributes, Sampling } from '../layer-attributes.js';
import { kernelNames } from '../names.js';
import { allocate, floats, imageShape, input, wasmKernel } from './heap.js';

/**
 * Gradient of sampling an image along both axes: dy [n, oh, ow, c] is given
 * back to the one or two source rows and columns that each output came from,
 * in [n, h, w, c].
 */
export const interpolationGradient = wasmKernel<InterpolationAttributes>(
  kernelNames.interpolationGradient,
  (call) => {
    const { backend, attributes } = call;
    const { rows, columns } = attributes;
    const dy = input(call, 'dy');
    const [batch, outHeight, outWidth, channels] = imageShape(dy);
    const result = allocate(backend, [batch, rows.inputSize, columns.inputSize, channels]);
    const gradients = floats(backend, dy);
    const target = floats(backend, result);
    const outRow = outWidth * channels;
    const tall = new Float32Array(rows.inputSize * outRow);
    const imageSize = rows.inputSize * columns.inputSize * channels;
    target.fill(0);
    for (let n = 0; n < batch; n++) {
      tall.fill(0);
      const image = gradients.subarray(n * outHeight * outRow, (n + 1) * outHeight * outRow);
      for (let y = 0; y < outHeight; y++) {
        giveBack(image, y * outRow, tall, rows, y, outRow);
      }
      const to = target.subarray(n * imageSize, (n + 1) * imageSize);
      for (let y = 0; y < rows.inputSize; y++) {
        const toRow = to.subarray(
          y * columns.inputSize * channels,
          (y + 1) * columns.inputSize * channels,
        );
        for (let x = 0; x < outWidth; x++) {
          giveBack(tall, y * outRow + x * channels, toRow, columns, x, channels);
        }
      }
    }
    return result;
  },
);

/** Adds `size` values to both source slices of output `index`. */
function giveBack(
  from: Float32Array,
  start: number,
  to: Float32Array,
  sampling: Sampling,
  index: number,
  size: number,
): void {
  const weight = sampling.upperWeight[index]!;
  const lower = sampling.lower[index]! * size;
  if (weight === 0) {
    for (let k = 0; k < size; k++) to[lower + k]! += from[start + k]!;
    return;
  }
  const upper = sampling.upper[index]! * size;
  for (let k = 0; k < size; k++) {
    const value = from[start + k]!;
    to[lower + k]! += value * (1 - weight);
    to[upper + k]! += value * weight;
  }
}
