import * as tf from '../../tensorflow.js';
import { addressOf, allocate, type WasmBackend, type WasmKernel } from '../wasm/heap.js';
import {
  maxPoolGradient,
  poolInfo,
  type MaxPoolGradientAttributes,
} from '../wasm/max-pool-gradient.js';
import { runTask, taskOf, type SharedTask } from './simd-module.js';

/** A window of four values takes about as long as so many multiply-adds. */
const workOfWindow = 16;

type PoolInfo = tf.backend_util.Conv2DInfo;

/** Windows of 2 x 2 that cover an image of even sizes: the pooling of almost every U-Net. */
const isHalving = (info: PoolInfo): boolean =>
  info.filterHeight === 2 &&
  info.filterWidth === 2 &&
  info.strideHeight === 2 &&
  info.strideWidth === 2 &&
  info.outHeight * 2 === info.inHeight &&
  info.outWidth * 2 === info.inWidth;

/** The rows of pooled images are the units. */
function rowsOf(backend: WasmBackend, info: PoolInfo): SharedTask {
  const work = tf.util.sizeFromShape(info.outShape) * workOfWindow;
  return taskOf(backend, info.batchSize * info.outHeight, work);
}

/** Max pooling of x [n, h, w, c]; `stock` does windows other than halves of even sizes. */
export function simdMaxPool(stock: tf.KernelFunc): WasmKernel {
  return {
    name: 'MaxPool',
    run: (call) => {
      const backend = call.backend as WasmBackend;
      const { x } = call.inputs as Readonly<Record<'x', tf.TensorInfo>>;
      const info = poolInfo(x, call.attrs as unknown as MaxPoolGradientAttributes);
      if (!isHalving(info) || x.dtype !== 'float32') return stock(call);
      const result = allocate(backend, info.outShape);
      const [image, to] = [addressOf(backend, x), addressOf(backend, result)];
      const sizes = [info.outWidth, info.inChannels] as const;
      runTask(backend, 'poolHalving', rowsOf(backend, info), [image, ...sizes, to]);
      return result;
    },
  };
}

/** See `maxPoolGradient` of `wasm/`, which also does windows other than halves of even sizes. */
export const simdMaxPoolGradient: WasmKernel = {
  name: maxPoolGradient.name,
  run: (call) => {
    const backend = call.backend as WasmBackend;
    const { dy, input } = call.inputs as Readonly<Record<'dy' | 'input', tf.TensorInfo>>;
    const info = poolInfo(input, call.attrs as unknown as MaxPoolGradientAttributes);
    if (!isHalving(info)) return maxPoolGradient.run(call);
    const result = allocate(backend, input.shape);
    const from = [addressOf(backend, dy), addressOf(backend, input)] as const;
    const sizes = [info.outWidth, info.inChannels] as const;
    const to = addressOf(backend, result);
    runTask(backend, 'routeHalving', rowsOf(backend, info), [...from, ...sizes, to]);
    return result;
  },
};
