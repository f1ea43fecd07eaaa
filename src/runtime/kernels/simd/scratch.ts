import type { WasmBackend } from '../wasm/heap.js';
import { allocate, floats, release } from '../wasm/heap.js';

/** Room on the heap for the time of one kernel call. */
export interface Scratch {
  /** The memory behind all addresses. */
  readonly heap: ArrayBufferLike;
  /** The address of each part, at a multiple of 16 bytes. */
  readonly addresses: readonly number[];
}

/**
 * Calls `work` with room for parts of those bytes. Outputs have to be there before: what the
 * heap gives may move it, and no view taken earlier is valid then.
 */
export function withScratch(
  backend: WasmBackend,
  bytes: readonly number[],
  work: (scratch: Scratch) => void,
): void {
  let size = 0;
  const places = bytes.map((part) => {
    const place = size;
    size += Math.ceil(part / 16) * 16;
    return place;
  });
  const room = allocate(backend, [size / 4 + 4]);
  try {
    const { buffer, byteOffset } = floats(backend, room);
    const start = Math.ceil(byteOffset / 16) * 16;
    work({ heap: buffer, addresses: places.map((place) => start + place) });
  } finally {
    release(backend, room);
  }
}

/** Room for a task that threads share. */
export interface SharedScratch extends Scratch {
  /** The addresses of what each thread has for itself. */
  readonly rooms: readonly (readonly number[])[];
}

/** As `withScratch`: room for `common` parts, and for `own` ones of each thread. */
export function withRooms(
  backend: WasmBackend,
  common: readonly number[],
  own: readonly number[],
  threads: number,
  work: (scratch: SharedScratch) => void,
): void {
  const sizes = [...common, ...Array.from({ length: threads }, () => own).flat()];
  withScratch(backend, sizes, ({ heap, addresses }) => {
    const rooms = Array.from({ length: threads }, (_, thread) => {
      const start = common.length + thread * own.length;
      return addresses.slice(start, start + own.length);
    });
    work({ heap, addresses: addresses.slice(0, common.length), rooms });
  });
}
