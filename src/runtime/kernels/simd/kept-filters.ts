import type { WasmBackend } from '../wasm/heap.js';

/** Bytes of all filters that are kept for one backend. What does not fit is prepared for each call. */
const budget = 64 * 2 ** 20;

/** A filter as some convolution reads it. */
interface Kept {
  /** What the heap gave. */
  readonly room: number;
  readonly bytes: number;
  /** The first multiple of 16 in it. */
  readonly address: number;
}

/**
 * Filters in the forms that convolutions read, beside the tensors whose values they have. A form is
 * kept when it is needed for the second time: the weights of a training change before that. No
 * kernel writes the values of a tensor that exists, and assigning to a variable gives it another
 * data id, so a form holds as long as its data id; it is freed with it.
 */
class KeptFilters {
  readonly #backend: WasmBackend;
  readonly #forms = new Map<object, Map<string, Kept>>();
  readonly #used = new WeakMap<object, Set<string>>();
  #bytes = 0;

  constructor(backend: WasmBackend) {
    this.#backend = backend;
    const { disposeData } = backend;
    backend.disposeData = (dataId, ...rest) => {
      const isGone = disposeData.call(backend, dataId, ...rest);
      // An engine that failed frees nothing, and its heap is not to be touched.
      const forms = this.#forms.get(dataId);
      if (forms !== undefined && backend.refCount(dataId) === 0) this.#free(dataId, forms);
      return isGone;
    };
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The address of a form of the values of `dataId`, which `make` writes where it is kept anew;
   * undefined where it is not kept.
   */
  find(
    dataId: object,
    form: string,
    bytes: number,
    make: (address: number) => void,
  ): number | undefined {
    const kept = this.#forms.get(dataId)?.get(form);
    if (kept !== undefined) return kept.address;
    const used = this.#used.get(dataId) ?? new Set();
    if (!used.has(form)) {
      this.#used.set(dataId, used.add(form));
      return undefined;
    }
    if (this.#bytes + bytes > budget) return undefined;
    const room = this.#backend.wasm._malloc(bytes + 16);
    const address = Math.ceil(room / 16) * 16;
    make(address);
    const forms = this.#forms.get(dataId) ?? new Map<string, Kept>();
    this.#forms.set(dataId, forms.set(form, { room, bytes, address }));
    this.#bytes += bytes;
    return address;
  }

  #free(dataId: object, forms: ReadonlyMap<string, Kept>): void {
    for (const { room, bytes } of forms.values()) {
      this.#backend.wasm._free(room);
      this.#bytes -= bytes;
    }
    this.#forms.delete(dataId);
  }
}

const kept = new WeakMap<WasmBackend, KeptFilters>();

/** The filters that are kept for a backend. */
export function keptFilters(backend: WasmBackend): KeptFilters {
  const present = kept.get(backend);
  if (present !== undefined) return present;
  const made = new KeptFilters(backend);
  kept.set(backend, made);
  return made;
}
