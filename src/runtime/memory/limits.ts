import { freemem } from 'node:os';

/** What the WebAssembly heap can grow to: 4 GiB less one page, and gaps that no tensor fits in. */
const wasmHeap = 4 * 2 ** 30 * 0.95;

/**
 * What a prediction takes where smaller tiles give the same: with the program,
 * the image and what is written it stays below 1.5 GiB in all.
 */
const comfortable = 800 * 2 ** 20;

/** The memory that an engine may take, in bytes. */
export interface MemoryLimits {
  /** More than that fails, or pushes the machine to its limit. */
  readonly most: number;
  /** Enough for speed. */
  readonly comfortable: number;
}

/**
 * The limits of an engine on this machine at this moment: the heap of the
 * WebAssembly engine, and nine tenths of the memory that is free here, or in the
 * container that the program runs in.
 *
 * @param backend TensorFlow.js' name of the backend.
 * @param held bytes of tensors that the engine holds already: weights, and what an
 *   optimizer keeps for each of them. They are no longer free on the machine either.
 */
export function memoryLimits(backend: string, held = 0): MemoryLimits {
  const free = 0.9 * freeMemory();
  const most = backend === 'wasm' ? Math.min(Math.max(0, wasmHeap - held), free) : free;
  return { most, comfortable: Math.min(most, comfortable) };
}

/** Node tells what the container leaves; older versions know the machine alone, and pages nothing. */
function freeMemory(): number {
  const { process } = globalThis as { process?: { availableMemory?: () => number } };
  const available = process?.availableMemory?.() ?? 0;
  return available > 0 ? available : freemem();
}
