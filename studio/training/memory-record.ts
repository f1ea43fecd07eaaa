import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { Graph } from '../../src/ir/graph.js';
import { torchTensors } from '../../src/runtime/exports/weights/named-tensor.js';
import { safetensorsFile } from '../../src/runtime/exports/weights/safetensors.js';
import type { WeightStore } from '../../src/runtime/network/weights.js';
import type { CheckpointFacts, CheckpointName } from '../../src/runtime/runs/checkpoint.js';
import type { TrainingRecord } from '../../src/runtime/training/record.js';
import type { CompiledRun } from '../../src/runtime/training/run-spec.js';
import { checkSpoilt } from '../../src/runtime/training/spoilt-weights.js';

type Values = ReadonlyMap<string, Float32Array>;

/** Keeps what a training leaves in the memory of the page: the weights of its best epoch and of its last. */
export class MemoryRecord implements TrainingRecord {
  readonly #run: CompiledRun;
  #best: Values | undefined;
  #last: Values | undefined;

  constructor(run: CompiledRun) {
    this.#run = run;
  }

  /** What was validated last; undefined before the first epoch. */
  get last(): Values | undefined {
    return this.#last;
  }

  /** The best weights as `unetc weights --to safetensors` writes them; undefined before the first epoch. */
  weightsFile(graph: Graph): Uint8Array | undefined {
    if (this.#best === undefined) return undefined;
    const pieces = safetensorsFile(torchTensors(graph, this.#best), {});
    const file = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      file.set(piece, at);
      at += piece.length;
    }
    return file;
  }

  async save(
    names: readonly CheckpointName[],
    weights: Readonly<Record<CheckpointName, WeightStore>>,
    _state: unknown,
    { progress }: Pick<CheckpointFacts, 'progress' | 'best'>,
  ): Promise<readonly Diagnostic[]> {
    const values = await weights.best.values();
    const spoilt = checkSpoilt(values, progress, this.#run);
    if (spoilt !== undefined) return [spoilt];
    this.#last = values;
    if (names.includes('best')) this.#best = values;
    return [];
  }

  // What a session tells beside its events is for files: the page draws from the events.
  log(): void {}
  flush(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  rewind(): Promise<readonly Diagnostic[]> {
    return Promise.resolve([]);
  }
  saveMeasured(): Promise<readonly Diagnostic[]> {
    return Promise.resolve([]);
  }
}
