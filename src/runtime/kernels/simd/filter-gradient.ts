import * as tf from '../../tensorflow.js';
import type { ConvolutionFilterGradientAttributes } from '../wasm/convolution-filter-gradient.js';
import {
  addressOf,
  allocate,
  imageShape,
  input,
  wasmKernel,
  type WasmBackend,
} from '../wasm/heap.js';
import { withParts } from './scratch.js';
import { partsOf, runParts } from './simd-module.js';
import { targetBytes, targetOf, writeTarget } from './target.js';
import { channelPlane, suitsTiles, tilePlane, tilesOf } from './tiles.js';
import { bandOf, windowsBytes, windowsOf, writeWindows, type WindowShape } from './windows.js';

/** Bytes of the padded images that are kept beside each other: they stay in the first cache of a core. */
const bandBudget = 32 * 1024;

/**
 * Gradient of a 2-D convolution with respect to its filter: x [n, h, w, in] and dy
 * [n, oh, ow, out] give [kh, kw, in, out]. The sums are `wasm/filter-gradient.ts`
 * and `wasm/winograd-filter-gradient.ts`.
 */
export const simdFilterGradient = wasmKernel<ConvolutionFilterGradientAttributes>(
  'Conv2DBackpropFilter',
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const dy = input(call, 'dy');
    const { strides, pad, dimRoundingMode, filterShape } = attributes;
    const info = tf.backend_util.computeConv2DInfo(
      imageShape(x),
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const windows = windowsOf(info);
    const result = allocate(backend, filterShape);
    if (suitsTiles(windows, filterShape[3])) sumTiles(backend, windows, x, dy, result);
    else sumWindows(backend, windows, x, dy, result);
    return result;
  },
);

function sumWindows(
  backend: WasmBackend,
  windows: WindowShape,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  result: tf.TensorInfo,
): void {
  const [kernelHeight, kernelWidth, channels, outputs] = imageShape(result);
  const band = bandOf(windows, bandBudget);
  const panels = Math.ceil(outputs / 8);
  const tiles = Math.ceil((kernelWidth * channels) / 4);
  const parts = partsOf(backend, panels, workOf(windows, outputs));
  const most = Math.ceil(panels / parts.length);
  const own = [
    ...[band.rows * 4, band.bytes + 16, band.rows * windows.columns * 32],
    most * kernelHeight * tiles * 128,
  ];
  withParts(backend, [windowsBytes], own, parts, ({ heap, addresses: [at], rooms }) => {
    const image = addressOf(backend, x);
    writeWindows(heap, at!, { ...windows, image, bandRows: band.rows });
    const [from, to] = [addressOf(backend, dy), addressOf(backend, result)];
    const calls = parts.map(([first, end], part) => {
      const room = rooms[part] as [number, number, number, number];
      return [at!, from, outputs, to, ...room, first, end] as const;
    });
    runParts(backend, 'filterGradient', calls);
  });
}

/** Multiply-adds of a convolution. */
function workOf(windows: WindowShape, outputs: number): number {
  const { allRows, columns, kernelHeight, kernelWidth, channels } = windows;
  return allRows * columns * kernelHeight * kernelWidth * channels * outputs;
}

function sumTiles(
  backend: WasmBackend,
  windows: WindowShape,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  result: tf.TensorInfo,
): void {
  const { channels, rows, columns } = windows;
  const tiles = tilesOf(windows);
  const band = bandOf(tiles, bandBudget);
  const outputs = imageShape(result)[3];
  const panels = Math.ceil(outputs / 8);
  const places = band.rows * tiles.columns * 4;
  const parts = partsOf(backend, panels, workOf(windows, outputs));
  const most = Math.ceil(panels / parts.length);
  const own = [
    ...[
      most * 16 * channelPlane(channels),
      7 * 4,
      band.rows * 4,
      band.bytes,
      places,
      places,
      places,
    ],
    ...[16 * tilePlane(channels), 16 * tilePlane(8)],
  ];
  withParts(backend, [windowsBytes, targetBytes], own, parts, ({ heap, addresses, rooms }) => {
    const [at, gradients] = addresses as [number, number];
    const image = addressOf(backend, x);
    writeWindows(heap, at, { ...tiles, image, bandRows: band.rows });
    writeTarget(heap, gradients, targetOf(addressOf(backend, dy), imageShape(dy)));
    const to = addressOf(backend, result);
    const calls = parts.map(([first, end], part) => {
      const [sums, room, ...rest] = rooms[part] as [number, number, ...number[]];
      new Int32Array(heap, room, rest.length).set(rest);
      return [at, gradients, room, rows, columns, sums, to, first, end] as const;
    });
    runParts(backend, 'filterGradientTiles', calls);
  });
}
