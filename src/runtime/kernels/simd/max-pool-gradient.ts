import type * as tf from '../../tensorflow.js';
import { addressOf, allocate, type WasmBackend, type WasmKernel } from '../wasm/heap.js';
import {
  maxPoolGradient,
  poolInfo,
  type MaxPoolGradientAttributes,
} from '../wasm/max-pool-gradient.js';
import { simdOf } from './simd-module.js';

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
    const [rows, to] = [info.batchSize * info.outHeight, addressOf(backend, result)];
    simdOf(backend).routeHalving(gradients, images, rows, info.outWidth, info.inChannels, to);
    return result;
  },
};
