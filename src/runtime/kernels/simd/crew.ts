import type { WasmMemory, WasmModule } from './web-assembly.js';

/** A thread that runs kernels over the memory that it was given, as hosts make it. */
export interface CrewWorker {
  /** What `crewProgram` is to be called with; resolves when it waits for work. */
  start(values: CrewStart): Promise<void>;
  end(): void;
}

/** What a thread needs to run kernels. */
export interface CrewStart {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly board: SharedArrayBuffer;
  readonly place: number;
  readonly kernels: readonly string[];
}

/** Words of 64 bits for each thread on the board: the kernel, how many values, the values. */
const slotWords = 24;
/** The numbers of 32 bits with which the board begins, and their places. */
const headBytes = 8 * 4;
const place = { ticket: 0, unfinished: 1, failed: 2, units: 3, chunks: 4 } as const;
/**
 * The lowest bits of the ticket say how many chunks of the task nobody has taken yet, those above
 * them which task it is. A thread takes a chunk by counting the ticket down, which only works while
 * it is still the one that the thread saw before it read what to do.
 */
const chunkBits = 8;
const maxChunks = 2 ** chunkBits - 1;
const maxTask = 2 ** (31 - chunkBits) - 1;
/** How often a thread looks for news before it sleeps: for about as long as waking it takes. */
const looks = 4000;

/**
 * The program of a thread, as text: hosts start it in different ways. It takes chunks of a task
 * while there are some, and otherwise waits for the ticket to change.
 */
export const crewProgram = `({ module, memory, board, place, kernels }) => {
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const numbers = new Int32Array(board, 0, ${headBytes / 4});
  const slot = new Float64Array(board, ${headBytes} + place * ${slotWords * 8}, ${slotWords});
  for (let looked = 0; ; ) {
    const ticket = Atomics.load(numbers, ${place.ticket});
    const left = ticket & ${maxChunks};
    if (left === 0) {
      if (looked++ > ${looks}) Atomics.wait(numbers, ${place.ticket}, ticket);
      continue;
    }
    looked = 0;
    const name = kernels[slot[0]];
    const values = slot.slice(2, 2 + slot[1]);
    const [units, chunks] = [numbers[${place.units}], numbers[${place.chunks}]];
    if (Atomics.compareExchange(numbers, ${place.ticket}, ticket, ticket - 1) !== ticket) continue;
    const first = Math.floor(((chunks - left) * units) / chunks);
    const end = Math.floor(((chunks - left + 1) * units) / chunks);
    try {
      kernel[name](...values, first, end);
    } catch {
      Atomics.store(numbers, ${place.failed}, 1);
    }
    Atomics.sub(numbers, ${place.unfinished}, 1);
    Atomics.notify(numbers, ${place.unfinished});
  }
}`;

/** A trap of WebAssembly in another thread; it has the name of one here, by which engines know it. */
class TrapElsewhere extends Error {
  override readonly name = 'RuntimeError';
}

/** Units of work, of which none needs another one's results. */
export interface Task {
  readonly units: number;
  /** Into how many pieces of neighbouring units it is cut, at most `maxChunks`. */
  readonly chunks: number;
}

/** Threads that share the work of a kernel with the one that calls it. */
export class Crew {
  readonly #workers: readonly CrewWorker[];
  readonly #kernels: readonly string[];
  readonly #numbers: Int32Array;
  readonly #slots: readonly Float64Array[];
  #task = 0;

  private constructor(
    workers: readonly CrewWorker[],
    kernels: readonly string[],
    board: SharedArrayBuffer,
  ) {
    this.#workers = workers;
    this.#kernels = kernels;
    this.#numbers = new Int32Array(board, 0, headBytes / 4);
    this.#slots = workers.map(
      (_, at) => new Float64Array(board, headBytes + (at + 1) * slotWords * 8, slotWords),
    );
  }

  /** Starts `workers` over a memory; each kernel of `kernels` can then be shared. */
  static async start(
    workers: readonly CrewWorker[],
    module: WasmModule,
    memory: WasmMemory,
    kernels: readonly string[],
  ): Promise<Crew> {
    const board = new SharedArrayBuffer(headBytes + (workers.length + 1) * slotWords * 8);
    const starts = workers.map((worker, at) =>
      worker.start({ module, memory, board, place: at + 1, kernels }),
    );
    await Promise.all(starts);
    return new Crew(workers, kernels, board);
  }

  /** How many share the work, the caller among them. */
  get size(): number {
    return this.#workers.length + 1;
  }

  /**
   * Runs a kernel for all units of a task, and waits until they are done. `values` has a set for
   * each thread, that of the caller first: what the kernel takes before the first unit of a chunk
   * and the one behind its last. A thread that comes late, or that other programs hold up, takes
   * fewer chunks; nobody waits for one that has none.
   */
  run<Values extends readonly number[]>(
    name: string,
    here: (...values: [...Values, number, number]) => void,
    [own, ...others]: readonly Values[],
    { units, chunks }: Task,
  ): void {
    if (others.length !== this.#workers.length) throw new Error('each thread needs its values');
    const numbers = this.#numbers;
    const kernel = this.#kernels.indexOf(name);
    for (const [at, values] of others.entries()) {
      const slot = this.#slots[at]!;
      slot[0] = kernel;
      slot[1] = values.length;
      slot.set(values, 2);
    }
    numbers[place.units] = units;
    numbers[place.chunks] = chunks;
    numbers[place.failed] = 0;
    numbers[place.unfinished] = chunks;
    this.#task = (this.#task + 1) & maxTask;
    Atomics.store(numbers, place.ticket, (this.#task << chunkBits) | chunks);
    Atomics.notify(numbers, place.ticket);
    const start = (chunk: number): number => Math.floor((chunk * units) / chunks);
    try {
      for (let left = this.#take(); left > 0; left = this.#take()) {
        const chunk = chunks - left;
        here(...own!, start(chunk), start(chunk + 1));
        Atomics.sub(numbers, place.unfinished, 1);
      }
    } catch (error) {
      // Nobody begins another chunk; those that others have begun end before memory is freed.
      for (let left = 1; left > 0; left = this.#take()) Atomics.sub(numbers, place.unfinished, 1);
      this.#awaitAll();
      throw error;
    }
    this.#awaitAll();
    if (Atomics.load(numbers, place.failed) !== 0) {
      throw new TrapElsewhere(`the kernel '${name}' failed in another thread`);
    }
  }

  /** Takes a chunk; how many there were, 0 where none is left. */
  #take(): number {
    for (;;) {
      const ticket = Atomics.load(this.#numbers, place.ticket);
      const left = ticket & maxChunks;
      if (left === 0) return 0;
      const seen = Atomics.compareExchange(this.#numbers, place.ticket, ticket, ticket - 1);
      if (seen === ticket) return left;
    }
  }

  #awaitAll(): void {
    for (let looked = 0; ; looked++) {
      const unfinished = Atomics.load(this.#numbers, place.unfinished);
      if (unfinished === 0) return;
      if (looked > looks) Atomics.wait(this.#numbers, place.unfinished, unfinished);
    }
  }

  /** Ends the threads; they must not be at work. */
  end(): void {
    this.#workers.forEach((worker) => worker.end());
  }
}
