import type { WasmBackend } from '../wasm/heap.js';
import { withScratch } from './scratch.js';
import { targetBytes, writeTarget, type Limits, type Target } from './target.js';
import { suitsTiles, tilePlane, tilesOf } from './tiles.js';
import { simdOf, type SimdModule } from './simd-module.js';
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
  const sizes = [
    ...[windowsBytes, targetBytes, 5 * 4, panels * taps * windows.channels * 32, panels * 32],
    ...[band.rows * 4, band.bytes, taps * 4, places, places],
  ];
  withScratch(backend, sizes, ({ heap, addresses }) => {
    const [at, outputs, room, filter, bias, ...parts] = addresses as Addresses;
    writeWindows(heap, at, { ...windows, image: convolution.image, bandRows: band.rows });
    writeTarget(heap, outputs, convolution.target, convolution);
    new Int32Array(heap, room, parts.length).set(parts);
    writeBias(heap, bias, convolution);
    const module = simdOf(backend);
    convolution.packFilter(module, filter);
    module.convolve(at, outputs, room, filter, bias, 0, windows.allRows);
  });
}

/** What convolutions by windows and by tiles begin with, then parts of their own. */
type Addresses = [number, number, number, number, number, ...number[]];

function convolveTiles(backend: WasmBackend, convolution: Convolution): void {
  const { windows, target } = convolution;
  const { channels, rows, columns } = windows;
  const tiles = tilesOf(windows);
  const band = bandOf(tiles, bandBudget);
  const panels = Math.ceil(target.channels / 8);
  const places = band.rows * tiles.columns * 4;
  const sizes = [
    ...[windowsBytes, targetBytes, 7 * 4, panels * 16 * channels * 32, panels * 32],
    ...[band.rows * 4, band.bytes, places, places, places],
    ...[16 * tilePlane(channels), 16 * tilePlane(8), panels * 9 * channels * 32],
  ];
  withScratch(backend, sizes, ({ heap, addresses }) => {
    const [at, outputs, room, filter, bias, ...parts] = addresses as Addresses;
    const plain = parts.at(-1)!;
    writeWindows(heap, at, { ...tiles, image: convolution.image, bandRows: band.rows });
    writeTarget(heap, outputs, convolution.target, convolution);
    new Int32Array(heap, room, 7).set(parts.slice(0, 7));
    writeBias(heap, bias, convolution);
    const module = simdOf(backend);
    convolution.packFilter(module, plain);
    module.transformFilter(plain, channels, panels, filter);
    module.convolveTiles(at, outputs, room, rows, columns, filter, bias, 0, tiles.allRows);
  });
}

function writeBias(heap: ArrayBufferLike, address: number, { target, bias }: Convolution): void {
  const { channels } = target;
  const biases = new Float32Array(heap, address, Math.ceil(channels / 8) * 8).fill(0);
  if (bias !== undefined) biases.set(new Float32Array(heap, bias, channels));
}
