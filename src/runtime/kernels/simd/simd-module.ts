import type { WasmBackend } from '../wasm/heap.js';
import { Crew, type CrewWorker, type Task } from './crew.js';
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
    ...['kept', 'rate', 'spread', 'epsilon', 'newWeight', 'newMean', 'newSquare', ...Units],
  ];
  applyLines: [...['x', 'pixels', 'channels', 'relu', 'y', 'mean', 'lines', 'parts', ...Units]];
  applyPlanes: [
    ...['dy', 'x', 'y', 'pixels', 'channels', 'mean', 'relu', 'dx', 'planes', 'parts', ...Units],
  ];
  convolve: ['windows', 'outputs', 'room', 'filter', 'bias', 'groups', ...Units];
  convolveDepthwise: ['windows', 'outputs', 'filter', 'bias', 'taps', ...Units];
  convolveTiles: [
    ...['windows', 'outputs', 'room', 'rows', 'columns', 'filter', 'bias', 'groups', ...Units],
  ];
  copyRuns: ['from', 'fromStep', 'to', 'toStep', 'bytes', ...Units];
  finishSums: ['windows', 'outputs', 'sums', 'parts', 'result', ...Units];
  finishTileSums: ['sums', 'parts', 'channels', 'outputs', 'result', ...Units];
  fitLines: [
    ...['x', 'pixels', 'channels', 'gamma', 'beta', 'epsilon', 'mean', 'variance'],
    ...['sums', 'parts', 'lines'],
  ];
  fitPlanes: [
    ...['pixels', 'channels', 'gamma', 'variance', 'epsilon', 'dGamma', 'dBeta'],
    ...['sums', 'parts', 'planes'],
  ];
  gatherRuns: ['from', 'size', 'indices', 'count', 'to', 'bytes', ...Units];
  packFilter: ['filter', 'values', 'outputs', 'target', ...Units];
  packTurnedFilter: [
    ...['filter', 'kernelWidth', 'channels', 'outputs', 'firstRow', 'rowStep', 'rows'],
    ...['firstColumn', 'columnStep', 'columns', 'target', ...Units],
  ];
  poolHalving: ['image', 'columns', 'channels', 'result', ...Units];
  routeHalving: ['dy', 'image', 'columns', 'channels', 'result', ...Units];
  sumChannels: ['x', 'pixels', 'channels', 'sums', 'parts', ...Units];
  sumDepthwise: ['windows', 'dy', 'sums', 'parts', ...Units];
  sumMoments: [
    ...['dy', 'x', 'y', 'pixels', 'channels', 'mean', 'relu', 'sums', 'parts', ...Units],
  ];
  sumProducts: [
    ...['windows', 'dy', 'outputs', 'starts', 'padded', 'gradients', 'sums', 'parts', 'groups'],
    ...Units,
  ];
  sumSquares: ['x', 'pixels', 'channels', 'sums', 'parts', ...Units];
  sumTiles: [
    ...['windows', 'gradients', 'room', 'rows', 'columns', 'sums', 'parts', 'groups', ...Units],
  ];
  transformFilter: ['filter', 'channels', 'target', ...Units];
}

/** The first unit of work that a call does, and the one behind its last. */
type Units = ['first', 'end'];

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

/** Kernels of which threads share the units. */
export type SharedKernel = {
  [Name in KernelName]: Parameters[Name] extends readonly [...string[], ...Units] ? Name : never;
}[KernelName];

/** What such a kernel takes before its units. */
export type TaskValues<Name extends SharedKernel> =
  Values<Name> extends readonly [...infer Most extends number[], number, number] ? Most : never;

const shared = Object.keys({
  adamStep: true,
  applyLines: true,
  applyPlanes: true,
  convolve: true,
  convolveDepthwise: true,
  convolveTiles: true,
  copyRuns: true,
  finishSums: true,
  finishTileSums: true,
  gatherRuns: true,
  packFilter: true,
  packTurnedFilter: true,
  poolHalving: true,
  routeHalving: true,
  sumChannels: true,
  sumDepthwise: true,
  sumMoments: true,
  sumProducts: true,
  sumSquares: true,
  sumTiles: true,
  transformFilter: true,
} satisfies Record<SharedKernel, true>);

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
const leastWork = 2 ** 18;
/** Pieces of a task for each thread, so that one that is held up leaves the rest to others. */
const chunksOfThread = 2;

/** A task, and how many threads may do it. */
export interface SharedTask extends Task {
  readonly threads: number;
}

/** How to do units that take so many multiply-adds in all. */
export function taskOf(backend: WasmBackend, units: number, work: number): SharedTask {
  const isSmall = work < leastWork || units < 2;
  const threads = isSmall ? 1 : (crews.get(memoryOf(backend))?.size ?? 1);
  return { threads, units, chunks: Math.min(units, threads * chunksOfThread) };
}

/** Does a task with a kernel, which is called with the same values by each thread. */
export function runTask<Name extends SharedKernel>(
  backend: WasmBackend,
  name: Name,
  task: SharedTask,
  values: TaskValues<Name>,
): void {
  runTaskInRooms(
    backend,
    name,
    task,
    Array.from({ length: task.threads }, () => values),
  );
}

/** The same with values for each thread of the task, where threads have room of their own. */
export function runTaskInRooms<Name extends SharedKernel>(
  backend: WasmBackend,
  name: Name,
  task: SharedTask,
  values: readonly TaskValues<Name>[],
): void {
  const here = simdOf(backend)[name] as unknown as (
    ...values: [...TaskValues<Name>, number, number]
  ) => void;
  const crew = crews.get(memoryOf(backend));
  if (task.threads > 1 && crew !== undefined) crew.run(name, here, values, task);
  else here(...values[0]!, 0, task.units);
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
