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
/** The board begins with the number of the task, then that of the last task that each thread did. */
const headBytes = 64 * 4;
const maxThreads = 64;
/** In place of a kernel: nothing to do, and what a thread leaves that met an error. */
const nothing = -1;
const failed = -2;

/**
 * The program of a thread, as text: hosts start it in different ways. It waits for the number of
 * the task to change, runs its part and writes the number down.
 */
export const crewProgram = `({ module, memory, board, place, kernels }) => {
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const numbers = new Int32Array(board, 0, ${maxThreads});
  const slot = new Float64Array(board, ${headBytes} + place * ${slotWords * 8}, ${slotWords});
  for (let task = 0; ; ) {
    Atomics.wait(numbers, 0, task);
    task = Atomics.load(numbers, 0);
    try {
      if (slot[0] >= 0) kernel[kernels[slot[0]]](...slot.subarray(2, 2 + slot[1]));
    } catch {
      slot[0] = ${failed};
    }
    Atomics.store(numbers, place, task);
    Atomics.notify(numbers, place);
  }
}`;

/** A trap of WebAssembly in another thread; it has the name of one here, by which engines know it. */
class TrapElsewhere extends Error {
  override readonly name = 'RuntimeError';
}

/** Threads that share the work of a kernel with the one that calls it. */
export class Crew {
  readonly #workers: readonly CrewWorker[];
  readonly #kernels: readonly string[];
  readonly #board: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  #task = 0;

  private constructor(
    workers: readonly CrewWorker[],
    kernels: readonly string[],
    board: SharedArrayBuffer,
  ) {
    this.#workers = workers;
    this.#kernels = kernels;
    this.#board = board;
    this.#numbers = new Int32Array(board, 0, maxThreads);
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
   * Runs one call of a kernel for each set of values, the first here, and waits for all. There
   * are no more sets than `size`.
   */
  run<Values extends readonly number[]>(
    name: string,
    here: (...values: Values) => void,
    [own, ...others]: readonly Values[],
  ): void {
    const kernel = this.#kernels.indexOf(name);
    this.#workers.forEach((_, at) => {
      const values = others[at];
      const slot = this.#slot(at + 1);
      slot[0] = values === undefined ? nothing : kernel;
      if (values === undefined) return;
      slot[1] = values.length;
      slot.set(values, 2);
    });
    this.#task = (this.#task + 1) | 0;
    Atomics.store(this.#numbers, 0, this.#task);
    Atomics.notify(this.#numbers, 0);
    here(...own!);
    this.#workers.forEach((_, at) => this.#await(at + 1));
    if (this.#workers.some((_, at) => this.#slot(at + 1)[0] === failed)) {
      throw new TrapElsewhere(`the kernel '${name}' failed in another thread`);
    }
  }

  #await(place: number): void {
    for (;;) {
      const done = Atomics.load(this.#numbers, place);
      if (done === this.#task) return;
      Atomics.wait(this.#numbers, place, done);
    }
  }

  #slot(place: number): Float64Array {
    return new Float64Array(this.#board, headBytes + place * slotWords * 8, slotWords);
  }

  /** Ends the threads; they must not be at work. */
  end(): void {
    this.#workers.forEach((worker) => worker.end());
  }
}
