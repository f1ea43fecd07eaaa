import { kernelNames } from '../names.js';
import { addressOf, allocate, input, wasmKernel } from '../wasm/heap.js';
import { pixelParts } from './pixel-parts.js';
import { withScratch } from './scratch.js';
import { runTask } from './simd-module.js';

/** Sums x [..., c] over all axes but the last: the gradient of a bias. */
export const simdChannelSum = wasmKernel<unknown>(kernelNames.channelSum, (call) => {
  const { backend } = call;
  const x = input(call, 'x');
  const { pixels, channels, parts, task } = pixelParts(backend, x.shape);
  const result = allocate(backend, [channels]);
  withScratch(backend, [parts * channels * 8], ({ heap, addresses: [sums] }) => {
    const from = addressOf(backend, x);
    runTask(backend, 'sumChannels', task, [from, pixels, channels, sums!, parts]);
    const found = new Float64Array(heap, sums, parts * channels);
    const total = new Float32Array(heap, addressOf(backend, result), channels);
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let at = channel; at < found.length; at += channels) sum += found[at]!;
      total[channel] = sum;
    }
  });
  return result;
});
