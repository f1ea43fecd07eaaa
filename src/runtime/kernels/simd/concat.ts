import * as tf from '../../tensorflow.js';
import { addressOf, type WasmBackend, type WasmKernel } from '../wasm/heap.js';
import { runTask, taskOf } from './simd-module.js';

/** Copying a value takes about as long as so many multiply-adds. */
const workOfCopy = 4;

/**
 * Joins tensors along an axis. `stock` is the backend's own kernel, which copies run by run in
 * JavaScript; it does values that are not of four bytes.
 */
export function simdConcat(stock: tf.KernelFunc): WasmKernel {
  return {
    name: 'Concat',
    run: (call) => {
      const parts = call.inputs as unknown as readonly tf.TensorInfo[];
      const [first] = parts;
      const attributes = call.attrs as unknown as { readonly axis: number };
      if (first === undefined || parts.length < 2 || !isCopied(first)) return stock(call);
      const backend = call.backend as WasmBackend;
      const [axis] = tf.util.parseAxisParam(attributes.axis, first.shape) as [number];
      tf.backend_util.assertParamsConsistent(
        parts.map(({ shape }) => shape),
        axis,
      );
      const shape = tf.backend_util.computeOutShape(
        parts.map((part) => part.shape),
        axis,
      );
      const result = backend.makeOutput(shape, first.dtype);
      copyParts(backend, parts, result, axis, 'from parts');
      return result;
    },
  };
}

/** Cuts a tensor along an axis, as `simdConcat` joins: the gradient of joining. */
export function simdSplit(stock: tf.KernelFunc): WasmKernel {
  return {
    name: 'SplitV',
    run: (call) => {
      const { x } = call.inputs as Readonly<Record<'x', tf.TensorInfo>>;
      const { numOrSizeSplits, axis: given } = call.attrs as unknown as {
        readonly numOrSizeSplits: number | number[];
        readonly axis: number;
      };
      if (!isCopied(x)) return stock(call);
      const backend = call.backend as WasmBackend;
      const [axis] = tf.util.parseAxisParam(given, x.shape) as [number];
      const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, axis);
      const parts = sizes.map((size) => {
        const shape = [...x.shape];
        shape[axis] = size;
        return backend.makeOutput(shape, x.dtype);
      });
      copyParts(backend, parts, x, axis, 'to parts');
      return parts;
    },
  };
}

const isCopied = ({ dtype }: tf.TensorInfo): boolean => dtype === 'float32' || dtype === 'int32';

/** Copies between parts and the whole that they make along an axis. */
function copyParts(
  backend: WasmBackend,
  parts: readonly tf.TensorInfo[],
  whole: tf.TensorInfo,
  axis: number,
  direction: 'from parts' | 'to parts',
): void {
  const runs = tf.util.sizeFromShape(whole.shape.slice(0, axis));
  const wholeBytes = tf.util.sizeFromShape(whole.shape.slice(axis)) * 4;
  let place = addressOf(backend, whole);
  for (const part of parts) {
    const bytes = tf.util.sizeFromShape(part.shape.slice(axis)) * 4;
    const at = addressOf(backend, part);
    const task = taskOf(backend, runs, (runs * bytes * workOfCopy) / 4);
    const [own, inWhole] = [[at, bytes] as const, [place, wholeBytes] as const];
    const [from, to] = direction === 'from parts' ? [own, inWhole] : [inWhole, own];
    runTask(backend, 'copyRuns', task, [...from, ...to, bytes]);
    place += bytes;
  }
}
