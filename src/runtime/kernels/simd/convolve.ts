import type { WasmBackend } from '../wasm/heap.js';
import { withParts } from './scratch.js';
import { targetBytes, writeTarget, type Limits, type Target } from './target.js';
import { channelPlane, suitsTiles, tilePlane, tilesOf } from './tiles.js';
import { partsOf, runParts, simdOf, type SimdModule } from './simd-module.js';
import { bandOf, windowsBytes, writeWindows, type WindowShape } from './windows.js';

/** A convolution over tensors that are on the heap. */
export interface Convolution extends Limits {
  readonly windows: WindowShape;
  /** Address of the images. */
  readonly image: number;
  readonly target: Target;
  /** Writes the filter as panels; see `wasm/filters.ts`. */
  readonly packFilter: (module: SimdModule, panels: number) => void;
  /** Address of a value for each output channel; zeros by default. */
  readonly bias?: number;
}

/** Bytes of the padded images that are kept beside each other: they stay in a core's own caches. */
const bandBudget = 64 * 1024;

/** Computes a convolution into its target, which has to be allocated before. */
export function convolve(backend: WasmBackend, convolution: Convolution): void {
  if (suitsTiles(convolution.windows, convolution.target.channels))
    convolveTiles(backend, convolution);
  else convolveWindows(backend, convolution);
}

function convolveWindows(backend: WasmBackend, convolution: Convolution): void {
  const { windows, target } = convolution;
  const band = bandOf(windows, bandBudget);
  const panels = Math.ceil(target.channels / 8);
  const taps = windows.kernelHeight * windows.kernelWidth;
  const places = Math.ceil((band.rows * windows.columns) / 4) * 16;
  const parts = partsOf(backend, windows.allRows, workOf(convolution));
  const common = [
    ...[windowsBytes, targetBytes, panels * taps * windows.channels * 32, panels * 32],
  ];
  const own = [5 * 4, band.rows * 4, band.bytes, taps * 4, places, places];
  withParts(backend, common, own, parts, ({ heap, addresses, rooms }) => {
    const [at, outputs, filter, bias] = addresses as Addresses;
    writeWindows(heap, at, { ...windows, image: convolution.image, bandRows: band.rows });
    writeTarget(heap, outputs, convolution.target, convolution);
    writeBias(heap, bias, convolution);
    convolution.packFilter(simdOf(backend), filter);
    const calls = parts.map(([first, end], part) => {
      const [room, ...rest] = rooms[part]!;
      new Int32Array(heap, room, rest.length).set(rest);
      return [at, outputs, room!, filter, bias, first, end] as const;
    });
    runParts(backend, 'convolve', calls);
  });
}

/** Multiply-adds of a convolution. */
function workOf({ windows, target }: Convolution): number {
  const { allRows, columns, kernelHeight, kernelWidth, channels } = windows;
  return allRows * columns * kernelHeight * kernelWidth * channels * target.channels;
}

/** What convolutions by windows and by tiles begin with. */
type Addresses = [number, number, number, number, ...number[]];

function convolveTiles(backend: WasmBackend, convolution: Convolution): void {
  const { windows, target } = convolution;
  const { channels, rows, columns } = windows;
  const tiles = tilesOf(windows);
  const band = bandOf(tiles, bandBudget);
  const panels = Math.ceil(target.channels / 8);
  const places = band.rows * tiles.columns * 4;
  const parts = partsOf(backend, tiles.allRows, workOf(convolution));
  const common = [
    ...[windowsBytes, targetBytes, panels * 16 * channelPlane(channels), panels * 32],
    panels * 9 * channels * 32,
  ];
  const own = [
    ...[7 * 4, band.rows * 4, band.bytes, places, places, places],
    ...[16 * tilePlane(channels), 16 * tilePlane(8)],
  ];
  withParts(backend, common, own, parts, ({ heap, addresses, rooms }) => {
    const [at, outputs, filter, bias, plain] = addresses as Addresses;
    writeWindows(heap, at, { ...tiles, image: convolution.image, bandRows: band.rows });
    writeTarget(heap, outputs, convolution.target, convolution);
    writeBias(heap, bias, convolution);
    const module = simdOf(backend);
    convolution.packFilter(module, plain!);
    module.transformFilter(plain!, channels, panels, filter);
    const calls = parts.map(([first, end], part) => {
      const [room, ...rest] = rooms[part]!;
      new Int32Array(heap, room, rest.length).set(rest);
      return [at, outputs, room!, rows, columns, filter, bias, first, end] as const;
    });
    runParts(backend, 'convolveTiles', calls);
  });
}

function writeBias(heap: ArrayBufferLike, address: number, { target, bias }: Convolution): void {
  const { channels } = target;
  const biases = new Float32Array(heap, address, Math.ceil(channels / 8) * 8).fill(0);
  if (bias !== undefined) biases.set(new Float32Array(heap, bias, channels));
}
