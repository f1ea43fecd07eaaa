import type { WasmBackend } from '../wasm/heap.js';
import { Crew, type CrewWorker } from './crew.js';
import { kernels, sharedKernels } from './module.generated.js';
import { webAssembly, type WasmMemory, type WasmModule } from './web-assembly.js';

/** What the module exports; `wasm/` documents each. Addresses are bytes in the backend's memory. */
export type SimdModule = { readonly [Name in KernelName]: (...values: Values<Name>) => void };

/** A kernel of the module. */
export type KernelName = keyof Parameters;

/** What a kernel is called with. */
export type Values<Name extends KernelName> = NumbersFor<Parameters[Name]>;

type NumbersFor<Names extends readonly string[]> = { readonly [At in keyof Names]: number };

/** What each kernel takes, in its order. */
interface Parameters {
  adamStep: [
    ...['weight', 'gradient', 'mean', 'square', 'count', 'beta1', 'rest1', 'beta2', 'rest2'],
    ...['kept', 'rate', 'spread', 'epsilon', 'newWeight', 'newMean', 'newSquare'],
  ];
  convolve: ['windows', 'outputs', 'room', 'filter', 'bias', 'firstRow', 'endRow'];
  convolveTiles: [
    ...['windows', 'outputs', 'room', 'rows', 'columns', 'filter', 'bias', 'firstRow', 'endRow'],
  ];
  copyRuns: ['from', 'fromStep', 'to', 'toStep', 'bytes', 'count'];
  differentiateNorm: [
    ...['dy', 'x', 'y', 'pixels', 'channels', 'gamma', 'mean', 'variance', 'epsilon', 'relu'],
    ...['dx', 'dGamma', 'dBeta', 'sums', 'planes'],
  ];
  filterGradient: [
    ...['windows', 'dy', 'outputs', 'result', 'starts', 'padded', 'gradients', 'sums'],
    ...['firstPanel', 'endPanel'],
  ];
  filterGradientTiles: [
    ...['windows', 'gradients', 'room', 'rows', 'columns', 'sums', 'result'],
    ...['firstPanel', 'endPanel'],
  ];
  normalise: [
    ...['x', 'pixels', 'channels', 'gamma', 'beta', 'epsilon', 'relu'],
    ...['y', 'mean', 'variance', 'sums', 'lines'],
  ];
  packFilter: ['filter', 'values', 'outputs', 'target'];
  packTurnedFilter: [
    ...['filter', 'kernelWidth', 'channels', 'outputs', 'firstRow', 'rowStep', 'rows'],
    ...['firstColumn', 'columnStep', 'columns', 'target'],
  ];
  routeHalving: ['dy', 'image', 'rows', 'columns', 'channels', 'result'];
  transformFilter: ['filter', 'channels', 'panels', 'target'];
}

interface Compiled {
  readonly own: WasmModule;
  readonly shared: WasmModule;
}

let compiled: Compiled | undefined;
const instances = new WeakMap<WasmMemory, SimdModule>();
const crews = new WeakMap<WasmMemory, Crew>();

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

/** The kernels that threads share. */
const shared: readonly KernelName[] = [
  'convolve',
  'convolveTiles',
  'filterGradient',
  'filterGradientTiles',
];

/**
 * Lets workers share the kernels over the memory of a backend that is made for threads. They end
 * with the answer.
 */
export async function startCrew(
  backend: WasmBackend,
  workers: readonly CrewWorker[],
): Promise<() => void> {
  if (compiled === undefined) throw new Error('the SIMD kernels are not compiled');
  const memory = memoryOf(backend);
  const crew = await Crew.start(workers, compiled.shared, memory, shared);
  crews.set(memory, crew);
  return () => {
    crews.delete(memory);
    crew.end();
  };
}

/** A task of fewer multiply-adds is done before another thread has woken up. */
const leastWork = 2 ** 20;

/**
 * The parts, from a first unit to that behind the last, in which threads do a task of that many
 * multiply-adds; one part where there is one thread or little to do.
 */
export function partsOf(
  backend: WasmBackend,
  units: number,
  work: number,
): readonly (readonly [first: number, end: number])[] {
  const threads = work < leastWork ? 1 : (crews.get(memoryOf(backend))?.size ?? 1);
  const parts = Math.max(1, Math.min(threads, units));
  const start = (part: number): number => Math.floor((part * units) / parts);
  return Array.from({ length: parts }, (_, part) => [start(part), start(part + 1)]);
}

/** Runs a call for each part of a task, beside each other where there are threads. */
export function runParts<Name extends KernelName>(
  backend: WasmBackend,
  name: Name,
  calls: readonly Values<Name>[],
): void {
  const here: (...values: Values<Name>) => void = simdOf(backend)[name];
  const crew = crews.get(memoryOf(backend));
  if (calls.length > 1 && crew !== undefined) crew.run(name, here, calls);
  else for (const values of calls) here(...values);
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
