import * as tf from '../../tensorflow.js';
import { kernelNames } from '../names.js';
import { allocate, floats, input, wasmKernel } from './heap.js';

/**
 * A second handle on the same values, as the other backends make it; the
 * backend's own kernel copies, once for every tensor saved for a gradient.
 * Nothing writes a tensor's values in place, so sharing them is safe.
 */
export const identity = wasmKernel<unknown>('Identity', (call) => {
  const x = input(call, 'x');
  if (x.dtype === 'string') throw new Error('text tensors are not supported on the wasm engine');
  call.backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
});

/** Sums x [..., c] over all axes but the last, in float64: the gradient of a bias. */
export const channelSum = wasmKernel<unknown>(kernelNames.channelSum, (call) => {
  const { backend } = call;
  const x = input(call, 'x');
  const channels = x.shape[x.shape.length - 1]!;
  const result = allocate(backend, [channels]);
  const values = floats(backend, x);
  const sums = floats(backend, result);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < values.length; at += channels) sum += values[at]!;
    sums[channel] = sum;
  }
  return result;
});

/** old * momentum + batch * (1 - momentum): the new running statistic. */
export const movingAverage = wasmKernel<{ readonly momentum: number }>(
  kernelNames.movingAverage,
  (call) => {
    const { backend, attributes } = call;
    const old = input(call, 'old');
    const result = allocate(backend, old.shape);
    const before = floats(backend, old);
    const batch = floats(backend, input(call, 'batch'));
    const after = floats(backend, result);
    const { momentum } = attributes;
    for (let at = 0; at < after.length; at++) {
      after[at] = before[at]! * momentum + batch[at]! * (1 - momentum);
    }
    return result;
  },
);

/**
 * Sums the slices of x [s..., ...] that carry the same number in segmentIds
 * [s...] into [numSegments, ...]: the gradient of `tf.gather`, which the backend
 * lacks. Numbers outside 0 .. numSegments - 1 are dropped.
 */
export const segmentSum = wasmKernel<{ readonly numSegments: number }>(
  'UnsortedSegmentSum',
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const segmentIds = input(call, 'segmentIds');
    const rows = tf.util.sizeFromShape(segmentIds.shape);
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const rowSize = tf.util.sizeFromShape(rowShape);
    const result = allocate(backend, [attributes.numSegments, ...rowShape]);
    const values = floats(backend, x);
    const ids = backend.typedArrayFromHeap(segmentIds);
    const sums = floats(backend, result);
    sums.fill(0);
    for (let row = 0; row < rows; row++) {
      const id = ids[row]!;
      if (id < 0 || id >= attributes.numSegments) continue;
      for (let k = 0; k < rowSize; k++) sums[id * rowSize + k]! += values[row * rowSize + k]!;
    }
    return result;
  },
);
