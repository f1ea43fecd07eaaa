import type * as tf from '../../tensorflow.js';
import { convolutionInfo, type FilterGradientAttributes } from '../convolution-attributes.js';
import {
  addressOf,
  allocate,
  imageShape,
  input,
  wasmKernel,
  type WasmBackend,
} from '../wasm/heap.js';
import { withRooms } from './scratch.js';
import { runTask, runTaskInRooms, taskOf, type TaskValues } from './simd-module.js';
import { targetBytes, targetOf, writeTarget } from './target.js';
import { channelPlane, maxTiles, suitsTiles, tileRoom, tilesOf, writeRoom } from './tiles.js';
import { unitsOf, workOf } from './units.js';
import { bandOf, windowsBytes, windowsOf, writeWindows, type WindowShape } from './windows.js';

/** Bytes of the padded images that are kept beside each other: they stay in the first cache of a core. */
const bandBudget = 32 * 1024;

/** Bytes of all sums that are kept beside each other, where that leaves several parts. */
const sumsBudget = 2 ** 20;
const mostParts = 16;

/**
 * Gradient of a 2-D convolution with respect to its filter: x [n, h, w, in] and dy
 * [n, oh, ow, out] give [kh, kw, in, out]. The sums are `wasm/filter-gradient.ts`
 * and `wasm/winograd-filter-gradient.ts`.
 */
export const simdFilterGradient = wasmKernel<FilterGradientAttributes>(
  'Conv2DBackpropFilter',
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const dy = input(call, 'dy');
    const { filterShape } = attributes;
    const info = convolutionInfo(imageShape(x), filterShape, attributes);
    const windows = windowsOf(info);
    const result = allocate(backend, filterShape);
    if (suitsTiles(windows, filterShape[3])) sumTiles(backend, windows, x, dy, result);
    else sumWindows(backend, windows, x, dy, result);
    return result;
  },
);

/**
 * In how many parts of neighbouring bands the products are summed, each with sums of so many
 * bytes. It depends on the shapes alone, and so do the bits.
 */
function partsOf(allRows: number, bandRows: number, sumBytes: number): number {
  const bands = Math.ceil(allRows / bandRows);
  return Math.max(1, Math.min(bands, mostParts, Math.floor(sumsBudget / sumBytes)));
}

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
  const sumBytes = panels * kernelHeight * Math.ceil((kernelWidth * channels) / 4) * 128;
  const parts = partsOf(windows.allRows, band.rows, sumBytes);
  const { task, groups } = unitsOf(backend, parts, panels, workOf(windows, outputs));
  const common = [windowsBytes, parts * sumBytes];
  const own = [band.rows * 4, band.bytes + 16, band.rows * windows.columns * 32];
  withRooms(backend, common, own, task.threads, ({ heap, addresses, rooms }) => {
    const [at, sums] = addresses as [number, number];
    const image = addressOf(backend, x);
    writeWindows(heap, at, { ...windows, image, bandRows: band.rows });
    const from = addressOf(backend, dy);
    const values = rooms.map((room): TaskValues<'sumProducts'> => {
      return [at, from, outputs, ...(room as [number, number, number]), sums, parts, groups];
    });
    runTaskInRooms(backend, 'sumProducts', task, values);
    const to = addressOf(backend, result);
    const finish = taskOf(backend, panels, parts * sumBytes);
    runTask(backend, 'finishSums', finish, [at, outputs, sums, parts, to]);
  });
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
  const band = bandOf(tiles, bandBudget, Math.ceil(maxTiles / tiles.columns));
  const outputs = imageShape(result)[3];
  const panels = Math.ceil(outputs / 8);
  const sumBytes = panels * 16 * channelPlane(channels);
  const parts = partsOf(tiles.allRows, band.rows, sumBytes);
  const { task, groups } = unitsOf(backend, parts, panels, workOf(windows, outputs));
  const common = [windowsBytes, targetBytes, parts * sumBytes];
  const own = tileRoom(tiles, band, channels);
  withRooms(backend, common, own, task.threads, ({ heap, addresses, rooms }) => {
    const [at, gradients, sums] = addresses as [number, number, number];
    const image = addressOf(backend, x);
    writeWindows(heap, at, { ...tiles, image, bandRows: band.rows });
    writeTarget(heap, gradients, targetOf(addressOf(backend, dy), imageShape(dy)));
    const values = rooms.map((room): TaskValues<'sumTiles'> => {
      return [at, gradients, writeRoom(heap, room), rows, columns, sums, parts, groups];
    });
    runTaskInRooms(backend, 'sumTiles', task, values);
    const to = addressOf(backend, result);
    const finish = taskOf(backend, panels, parts * sumBytes);
    runTask(backend, 'finishTileSums', finish, [sums, parts, channels, outputs, to]);
  });
}
