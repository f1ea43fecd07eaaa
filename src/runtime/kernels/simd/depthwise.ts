import type * as tf from '../../tensorflow.js';
import {
  depthwiseInfo,
  type DepthwiseFilterGradientAttributes,
  type DepthwiseInputGradientAttributes,
  type DilatedConvolutionAttributes,
} from '../convolution-attributes.js';
import {
  addressOf,
  allocate,
  floats,
  imageShape,
  type WasmBackend,
  type WasmKernel,
} from '../wasm/heap.js';
import { phasesOf } from './phases.js';
import { withRooms, withScratch } from './scratch.js';
import {
  limitsOf,
  targetBytes,
  targetOf,
  writeTarget,
  type Limits,
  type Target,
} from './target.js';
import { runTask, runTaskInRooms, taskOf, type TaskValues } from './simd-module.js';
import { windowsBytes, windowsOf, writeWindows, type WindowShape } from './windows.js';

type Inputs<Name extends string> = Readonly<Record<Name, tf.TensorInfo>>;

/** One kernel for each channel, which is what these kernels do. */
const isSingle = (filter: readonly number[]): boolean => filter[3] === 1;

/**
 * Depthwise convolution: x [n, h, w, c] and filter [kh, kw, c, 1] give [n, oh, ow, c]. `stock` does
 * filters that have several kernels for a channel.
 */
export function simdDepthwiseConvolution(stock: tf.KernelFunc): WasmKernel {
  return {
    name: 'DepthwiseConv2dNative',
    run: (call) => {
      const { x, filter } = call.inputs as Inputs<'x' | 'filter'>;
      if (!isSingle(filter.shape)) return stock(call);
      const attributes = call.attrs as unknown as DilatedConvolutionAttributes;
      return convolveImages(call.backend as WasmBackend, x, filter, attributes, {});
    },
  };
}

/** The same with a bias [c] and an activation; `stock` also does activations that are no limits. */
export function simdFusedDepthwiseConvolution(stock: tf.KernelFunc): WasmKernel {
  return {
    name: 'FusedDepthwiseConv2D',
    run: (call) => {
      const { x, filter, bias } = call.inputs as Inputs<'x' | 'filter'> & {
        readonly bias?: tf.TensorInfo;
      };
      const attributes = call.attrs as unknown as DilatedConvolutionAttributes & {
        readonly activation: string;
      };
      const limits = limitsOf(attributes.activation);
      const isPlain =
        bias === undefined || (bias.shape.length === 1 && bias.shape[0] === filter.shape[2]);
      if (limits === undefined || !isPlain || !isSingle(filter.shape)) return stock(call);
      return convolveImages(call.backend as WasmBackend, x, filter, attributes, {
        bias,
        ...limits,
      });
    },
  };
}

interface Ending extends Limits {
  readonly bias?: tf.TensorInfo;
}

function convolveImages(
  backend: WasmBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  attributes: DilatedConvolutionAttributes,
  { bias, ...limits }: Ending,
): tf.TensorInfo {
  const info = depthwiseInfo(imageShape(x), imageShape(filter), attributes);
  const result = allocate(backend, info.outShape);
  withScratch(backend, [info.inChannels * 4], ({ heap, addresses: [zeros] }) => {
    if (bias === undefined) new Float32Array(heap, zeros, info.inChannels).fill(0);
    convolve(backend, {
      ...{ windows: windowsOf(info), image: addressOf(backend, x), limits },
      target: targetOf(addressOf(backend, result), info.outShape),
      filter: addressOf(backend, filter),
      bias: bias === undefined ? zeros! : addressOf(backend, bias),
    });
  });
  return result;
}

interface Convolution {
  readonly windows: WindowShape;
  readonly target: Target;
  readonly limits: Limits;
  /** Addresses of the images, of the filter [kh, kw, c] and of a value for each channel. */
  readonly image: number;
  readonly filter: number;
  readonly bias: number;
}

function convolve(backend: WasmBackend, convolution: Convolution): void {
  const { windows, target, limits, image, filter, bias } = convolution;
  const task = taskOf(backend, windows.allRows, workOf(windows));
  const own = [windows.kernelHeight * windows.kernelWidth * 8];
  withRooms(backend, [windowsBytes, targetBytes], own, task.threads, (room) => {
    const [at, outputs] = room.addresses as [number, number];
    writeWindows(room.heap, at, { ...windows, image, bandRows: 1 });
    writeTarget(room.heap, outputs, target, limits);
    const values = room.rooms.map(([taps]): TaskValues<'convolveDepthwise'> => {
      return [at, outputs, filter, bias, taps!];
    });
    runTaskInRooms(backend, 'convolveDepthwise', task, values);
  });
}

/** Each product reads its own factor: it takes as long as two of a usual convolution. */
function workOf({ allRows, columns, kernelHeight, kernelWidth, channels }: WindowShape): number {
  return allRows * columns * kernelHeight * kernelWidth * channels * 2;
}

/**
 * Gradient of a depthwise convolution with respect to its input: dy [n, oh, ow, c] and filter
 * [kh, kw, c, 1] give [n, h, w, c]. `plain` does strides that are dilated as well, and filters that
 * have several kernels for a channel. As in `simdInputGradient`, the pixels of a phase are a
 * convolution of dy by the taps that they meet, turned.
 */
export function simdDepthwiseInputGradient(plain: WasmKernel): WasmKernel {
  return {
    name: plain.name,
    run: (call) => {
      const backend = call.backend as WasmBackend;
      const { dy, filter } = call.inputs as Inputs<'dy' | 'filter'>;
      const attributes = call.attrs as unknown as DepthwiseInputGradientAttributes;
      const info = depthwiseInfo(attributes.inputShape, imageShape(filter), attributes);
      const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
      const mixes =
        (strideHeight > 1 && dilationHeight > 1) || (strideWidth > 1 && dilationWidth > 1);
      if (mixes || !isSingle(filter.shape)) return plain.run(call);
      const { inHeight, inWidth, inChannels, filterHeight, filterWidth, padInfo } = info;
      const result = allocate(backend, info.inShape);
      const pixel = inChannels * 4;
      const row = inWidth * pixel;
      const bytes = [filterHeight * filterWidth * pixel, pixel];
      const rows = phasesOf(inHeight, filterHeight, strideHeight, padInfo.top, dilationHeight);
      const columns = phasesOf(inWidth, filterWidth, strideWidth, padInfo.left, dilationWidth);
      withScratch(backend, bytes, ({ heap, addresses }) => {
        const [turned, zeros] = addresses as [number, number];
        new Float32Array(heap, zeros, inChannels).fill(0);
        for (const down of rows) {
          for (const across of columns) {
            const taps = new Float32Array(floats(backend, filter).buffer, turned);
            let to = 0;
            for (let i = down.taps - 1; i >= 0; i--) {
              for (let j = across.taps - 1; j >= 0; j--, to += inChannels) {
                const tapRow = down.first + i * strideHeight;
                const tap = tapRow * filterWidth + across.first + j * strideWidth;
                const from = tap * inChannels;
                taps.set(floats(backend, filter).subarray(from, from + inChannels), to);
              }
            }
            const start = addressOf(backend, result) + down.phase * row + across.phase * pixel;
            convolve(backend, {
              windows: {
                ...{ height: info.outHeight, width: info.outWidth, channels: inChannels },
                ...{ rows: down.pixels, columns: across.pixels },
                allRows: info.batchSize * down.pixels,
                ...{ kernelHeight: down.taps, kernelWidth: across.taps },
                ...{ strideHeight: 1, strideWidth: 1, dilationHeight, dilationWidth },
                ...{ top: down.before, left: across.before },
              },
              image: addressOf(backend, dy),
              target: {
                ...{ address: start, channels: inChannels, imageStep: inHeight * row },
                ...{ rowStep: strideHeight * row, columnStep: strideWidth * pixel },
              },
              ...{ limits: {}, filter: turned, bias: zeros },
            });
          }
        }
      });
      return result;
    },
  };
}

const valuesOfPart = 2 ** 15;
const mostParts = 16;

/**
 * Gradient of a depthwise convolution with respect to its filter: x [n, h, w, c] and dy
 * [n, oh, ow, c] give [kh, kw, c, 1]. `plain` does filters that have several kernels for a channel.
 */
export function simdDepthwiseFilterGradient(name: string, plain: WasmKernel): WasmKernel {
  return {
    name,
    run: (call) => {
      const backend = call.backend as WasmBackend;
      const { x, dy } = call.inputs as Inputs<'x' | 'dy'>;
      const attributes = call.attrs as unknown as DepthwiseFilterGradientAttributes;
      const { filterShape } = attributes;
      if (!isSingle(filterShape)) return plain.run(call);
      const windows = windowsOf(depthwiseInfo(imageShape(x), filterShape, attributes));
      const { allRows, columns, channels, kernelHeight, kernelWidth } = windows;
      const size = kernelHeight * kernelWidth * channels;
      // The number of parts depends on the shapes alone, and so do the bits.
      const fitting = Math.floor((allRows * columns * channels) / valuesOfPart);
      const parts = Math.max(1, Math.min(mostParts, allRows, fitting));
      const result = allocate(backend, filterShape);
      withScratch(backend, [windowsBytes, parts * size * 8], ({ heap, addresses }) => {
        const [at, sums] = addresses as [number, number];
        writeWindows(heap, at, { ...windows, image: addressOf(backend, x), bandRows: 1 });
        const task = taskOf(backend, parts, workOf(windows));
        runTask(backend, 'sumDepthwise', task, [at, addressOf(backend, dy), sums, parts]);
        const found = new Float64Array(heap, sums, parts * size);
        const total = floats(backend, result);
        for (let value = 0; value < size; value++) {
          let sum = 0;
          for (let from = value; from < found.length; from += size) sum += found[from]!;
          total[value] = sum;
        }
      });
      return result;
    },
  };
}
