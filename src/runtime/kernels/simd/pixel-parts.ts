import type { WasmBackend } from '../wasm/heap.js';
import { taskOf, type SharedTask } from './simd-module.js';

/** Values of a part: enough that adding its sums to the others' costs nothing. */
const valuesOfPart = 2 ** 14;
const mostParts = 32;
/** A value that is read and written takes about as long as so many multiply-adds. */
const workOfValue = 8;

/** The pixels of a tensor [..., c] in parts, as `wasm/channel-sums.ts` cuts them. */
export interface PixelParts {
  readonly pixels: number;
  readonly channels: number;
  readonly parts: number;
  /** Its units are the parts. */
  readonly task: SharedTask;
}

/** How many parts there are depends on the shape alone, and so do the bits of sums. */
export function pixelParts(backend: WasmBackend, shape: readonly number[]): PixelParts {
  const channels = shape[shape.length - 1]!;
  const pixels = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const values = pixels * channels;
  const parts = Math.max(1, Math.min(mostParts, Math.floor(values / valuesOfPart)));
  return { pixels, channels, parts, task: taskOf(backend, parts, values * workOfValue) };
}
