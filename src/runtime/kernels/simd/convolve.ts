import type { WasmBackend } from '../wasm/heap.js';
import { withPanels, withTransformed, type Filter } from './filters.js';
import { withRooms } from './scratch.js';
import { runTaskInRooms, type SharedTask, type TaskValues } from './simd-module.js';
import { targetBytes, writeTarget, type Limits, type Target } from './target.js';
import { maxTiles, suitsTiles, tileRoom, tilesOf, writeRoom } from './tiles.js';
import { unitsOf, workOf } from './units.js';
import { bandOf, windowsBytes, writeWindows, type WindowShape } from './windows.js';

/** A convolution over tensors that are on the heap. */
export interface Convolution extends Limits {
  readonly windows: WindowShape;
  /** Address of the images. */
  readonly image: number;
  readonly target: Target;
  readonly filter: Filter;
  /** Address of a value for each output channel; zeros by default. */
  readonly bias?: number;
}

/** Bytes of the padded images that are kept beside each other: they stay in a core's own caches. */
const bandBudget = 64 * 1024;

/** Computes a convolution into its target, which has to be allocated before. */
export function convolve(backend: WasmBackend, convolution: Convolution): void {
  const { windows, target, filter } = convolution;
  const { kernelHeight, kernelWidth, channels } = windows;
  const size = { taps: kernelHeight * kernelWidth, channels, outputs: target.channels };
  if (suitsTiles(windows, target.channels)) {
    withTransformed(backend, size, filter, (values) => convolveTiles(backend, convolution, values));
  } else {
    withPanels(backend, size, filter, (values) => convolveWindows(backend, convolution, values));
  }
}

function convolveWindows(backend: WasmBackend, convolution: Convolution, filter: number): void {
  const { windows } = convolution;
  const band = bandOf(windows, bandBudget);
  const taps = windows.kernelHeight * windows.kernelWidth;
  const places = Math.ceil((band.rows * windows.columns) / 4) * 16;
  const own = [5 * 4, band.rows * 4, band.bytes, taps * 4, places, places];
  const { task, groups } = unitsFor(backend, convolution, windows.allRows, band.rows);
  withCommon(backend, convolution, own, task, ({ heap, addresses, rooms }) => {
    const [at, outputs, bias] = addresses;
    writeWindows(heap, at, { ...windows, image: convolution.image, bandRows: band.rows });
    const values = rooms.map((room): TaskValues<'convolve'> => {
      return [at, outputs, writeRoom(heap, room), filter, bias, groups];
    });
    runTaskInRooms(backend, 'convolve', task, values);
  });
}

function convolveTiles(backend: WasmBackend, convolution: Convolution, filter: number): void {
  const { windows } = convolution;
  const { channels, rows, columns } = windows;
  const tiles = tilesOf(windows);
  const band = bandOf(tiles, bandBudget, Math.ceil(maxTiles / tiles.columns));
  const { task, groups } = unitsFor(backend, convolution, tiles.allRows, band.rows);
  const own = tileRoom(tiles, band, channels);
  withCommon(backend, convolution, own, task, ({ heap, addresses, rooms }) => {
    const [at, outputs, bias] = addresses;
    writeWindows(heap, at, { ...tiles, image: convolution.image, bandRows: band.rows });
    const values = rooms.map((room): TaskValues<'convolveTiles'> => {
      return [at, outputs, writeRoom(heap, room), rows, columns, filter, bias, groups];
    });
    runTaskInRooms(backend, 'convolveTiles', task, values);
  });
}

function unitsFor(
  backend: WasmBackend,
  { windows, target }: Convolution,
  allRows: number,
  bandRows: number,
): { task: SharedTask; groups: number } {
  const bands = Math.ceil(allRows / bandRows);
  return unitsOf(backend, bands, Math.ceil(target.channels / 8), workOf(windows, target.channels));
}

/** Room for what both kinds need: windows, target and bias, of which the last two are written. */
interface Room {
  readonly heap: ArrayBufferLike;
  readonly addresses: readonly [windows: number, outputs: number, bias: number];
  readonly rooms: readonly (readonly number[])[];
}

function withCommon(
  backend: WasmBackend,
  convolution: Convolution,
  own: readonly number[],
  { threads }: SharedTask,
  work: (room: Room) => void,
): void {
  const biasBytes = Math.ceil(convolution.target.channels / 8) * 32;
  const common = [windowsBytes, targetBytes, biasBytes];
  withRooms(backend, common, own, threads, ({ heap, addresses: found, rooms }) => {
    const addresses = found as unknown as Room['addresses'];
    writeTarget(heap, addresses[1], convolution.target, convolution);
    writeBias(heap, addresses[2], convolution);
    work({ heap, addresses, rooms });
  });
}

function writeBias(heap: ArrayBufferLike, address: number, { target, bias }: Convolution): void {
  const { channels } = target;
  const biases = new Float32Array(heap, address, Math.ceil(channels / 8) * 8).fill(0);
  if (bias !== undefined) biases.set(new Float32Array(heap, bias, channels));
}
