import type * as tf from '../../tensorflow.js';
import { addressOf, allocate, type WasmBackend, type WasmKernel } from '../wasm/heap.js';
import {
  maxPoolGradient,
  poolInfo,
  type MaxPoolGradientAttributes,
} from '../wasm/max-pool-gradient.js';
import { runTask, taskOf } from './simd-module.js';

/** A window of four values takes about as long as so many multiply-adds. */
const workOfWindow = 16;

/** See `maxPoolGradient` of `wasm/`, which also does windows other than halves of even sizes. */
export const simdMaxPoolGradient: WasmKernel = {
  name: maxPoolGradient.name,
  run: (call) => {
    const backend = call.backend as WasmBackend;
    const { dy, input } = call.inputs as Readonly<Record<'dy' | 'input', tf.TensorInfo>>;
    const info = poolInfo(input, call.attrs as unknown as MaxPoolGradientAttributes);
    const isHalving =
      info.filterHeight === 2 &&
      info.filterWidth === 2 &&
      info.strideHeight === 2 &&
      info.strideWidth === 2 &&
      info.outHeight * 2 === info.inHeight &&
      info.outWidth * 2 === info.inWidth;
    if (!isHalving) return maxPoolGradient.run(call);
    const result = allocate(backend, input.shape);
    const [gradients, images] = [addressOf(backend, dy), addressOf(backend, input)];
    const rows = info.batchSize * info.outHeight;
    const values = rows * info.outWidth * info.inChannels;
    runTask(backend, 'routeHalving', taskOf(backend, rows, values * workOfWindow), [
      ...([gradients, images, info.outWidth, info.inChannels] as const),
      addressOf(backend, result),
    ]);
    return result;
  },
};
