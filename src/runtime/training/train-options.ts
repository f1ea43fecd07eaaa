import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Engine } from '../engines/engine.js';
import type { WeightSource } from '../pretrained/weight-source.js';
import type { Checkpoint } from '../runs/checkpoint.js';
import type { WriteFile } from '../runs/stored-file.js';
import type { TrainingEvent } from './events.js';
import type { CompiledRun } from './run-spec.js';
import type { RunOptions, TrainingRun } from './session.js';
import type { RunData } from './setup.js';

/** What a training run is made from. An engine must have been started. */
export interface TrainOptions {
  readonly run: CompiledRun;
  /** The folder with `train/{images,masks}` and `val/{images,masks}`. */
  readonly data: string;
  /** The run folder; new, or one in which nothing was trained yet, unless `resume` is given. */
  readonly out: string;
  /** The path of the spec, as `run.json` tells it. */
  readonly specPath: string;
  /** What computes: the engine in use, or PyTorch, which another process runs. */
  readonly engine: {
    readonly name: Engine['name'] | 'pytorch';
    readonly description: string;
    /** Threads in use, where that is known. */
    readonly threads?: number | undefined;
  };
  /** A file of weights to start from; a run that goes on has its own. */
  readonly weights?: WeightSource | undefined;
  /**
   * Go on from this checkpoint, the last one of the run in `out`; or `again`:
   * start the run in `out`, which has no checkpoint, from the start.
   */
  readonly resume?: Checkpoint | 'again' | undefined;
  /** Go on although the data, the engine or a version changed: with warnings in place of errors. */
  readonly allowChanges?: boolean;
  /** When it is aborted, the step under way is finished, written down, and training ends. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Reports what keeps it from training with some data, before anything is written; the memory of our own network when absent. */
  readonly check?: (data: RunData) => readonly Diagnostic[];
  /** Begins what trains; our own network on the engine in use when absent. */
  readonly open?: (options: RunOptions) => Promise<TrainingRun>;
  /** Brings the run folder to where a training of another process has left it, before it is compared. */
  readonly adopt?: (last: Checkpoint) => Promise<Result<Checkpoint | undefined>>;
  /** How files are written; whole or not at all. */
  readonly write?: WriteFile;
}
