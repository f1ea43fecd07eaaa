import * as tf from '../../tensorflow.js';
import { addressOf, type WasmBackend, type WasmKernel } from '../wasm/heap.js';
import { runTask, taskOf } from './simd-module.js';

/** Copying a value takes about as long as so many multiply-adds. */
const workOfCopy = 4;

/**
 * Takes the slices of x along an axis that `indices` names: enlarging by the nearest pixel does
 * so along rows and columns. `stock` is the backend's own kernel, which finds the place of every value
 * by itself; it does batches of indices and values that are not of four bytes.
 */
export function simdGather(stock: tf.KernelFunc): WasmKernel {
  return {
    name: 'GatherV2',
    run: (call) => {
      const { x, indices } = call.inputs as Readonly<Record<'x' | 'indices', tf.TensorInfo>>;
      const { axis: given, batchDims = 0 } = call.attrs as unknown as {
        readonly axis: number;
        readonly batchDims?: number;
      };
      const isCopied = x.dtype === 'float32' || x.dtype === 'int32';
      if (batchDims !== 0 || !isCopied || indices.dtype !== 'int32') return stock(call);
      const backend = call.backend as WasmBackend;
      const [axis] = tf.util.parseAxisParam(given, x.shape) as [number];
      const size = x.shape[axis]!;
      const beyond = backend.typedArrayFromHeap(indices).find((at) => at < 0 || at >= size);
      // It has the message.
      if (beyond !== undefined) return stock(call);
      const [before, behind] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
      const result = backend.makeOutput([...before, ...indices.shape, ...behind], x.dtype);
      const count = tf.util.sizeFromShape(indices.shape);
      const values = tf.util.sizeFromShape(behind);
      const runs = tf.util.sizeFromShape(before) * count;
      runTask(backend, 'gatherRuns', taskOf(backend, runs, runs * values * workOfCopy), [
        ...([addressOf(backend, x), size, addressOf(backend, indices), count] as const),
        ...([addressOf(backend, result), values * 4] as const),
      ]);
      return result;
    },
  };
}
