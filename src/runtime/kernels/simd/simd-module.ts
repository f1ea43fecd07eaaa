import type { WasmBackend } from '../wasm/heap.js';
import { kernels, sharedKernels } from './module.generated.js';
import { webAssembly, type WasmMemory, type WasmModule } from './web-assembly.js';

/** What the module exports; `wasm/` documents each. Addresses are bytes in the backend's memory. */
export interface SimdModule {
  convolve(
    windows: number,
    outputs: number,
    room: number,
    filter: number,
    bias: number,
    firstRow: number,
    endRow: number,
  ): void;
  convolveTiles(
    windows: number,
    outputs: number,
    room: number,
    rows: number,
    columns: number,
    filter: number,
    bias: number,
    firstRow: number,
    endRow: number,
  ): void;
  transformFilter(filter: number, channels: number, panels: number, target: number): void;
  packFilter(filter: number, values: number, outputs: number, target: number): void;
  packTurnedFilter(
    filter: number,
    kernelWidth: number,
    channels: number,
    outputs: number,
    firstRow: number,
    rowStep: number,
    rows: number,
    firstColumn: number,
    columnStep: number,
    columns: number,
    target: number,
  ): void;
  filterGradientTiles(
    windows: number,
    gradients: number,
    room: number,
    rows: number,
    columns: number,
    sums: number,
    result: number,
    firstPanel: number,
    endPanel: number,
  ): void;
  filterGradient(
    windows: number,
    dy: number,
    outputs: number,
    result: number,
    starts: number,
    padded: number,
    gradients: number,
    sums: number,
    firstPanel: number,
    endPanel: number,
  ): void;
}

interface Compiled {
  readonly own: WasmModule;
  readonly shared: WasmModule;
}

let compiled: Compiled | undefined;
const instances = new WeakMap<WasmMemory, SimdModule>();

/**
 * Compiles our SIMD kernels. Resolves to false where the host has no WebAssembly SIMD: kernels
 * that need none do the work there. A second call does nothing.
 */
export async function compileSimdKernels(): Promise<boolean> {
  if (compiled !== undefined) return true;
  const own = bytesOf(kernels);
  if (!webAssembly.validate(own)) return false;
  const modules = [own, bytesOf(sharedKernels)].map((bytes) => webAssembly.compile(bytes));
  compiled = { own: await modules[0]!, shared: await modules[1]! };
  return true;
}

/** The kernels over the memory of a backend. They must have been compiled. */
export function simdOf(backend: WasmBackend): SimdModule {
  const memory = memoryOf(backend);
  const present = instances.get(memory);
  if (present !== undefined) return present;
  if (compiled === undefined) throw new Error('the SIMD kernels are not compiled');
  const isShared = memory.buffer[Symbol.toStringTag] === 'SharedArrayBuffer';
  const module = isShared ? compiled.shared : compiled.own;
  const { exports } = new webAssembly.Instance(module, { env: { memory } });
  const made = exports as unknown as SimdModule;
  instances.set(memory, made);
  return made;
}

/** The build for threads names its memory itself; the other leaves it among its exports. */
function memoryOf({ wasm }: WasmBackend): WasmMemory {
  const memory = wasm.wasmMemory ?? wasm.asm?.memory;
  if (memory === undefined) throw new Error('the WebAssembly backend shows no memory');
  return memory;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
