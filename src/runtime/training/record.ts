import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { OptimizerState } from '../network/optimizers/optimizer.js';
import type { WeightStore } from '../network/weights.js';
import type { BestEpoch, Checkpoint, CheckpointFacts, CheckpointName } from '../runs/checkpoint.js';
import type { LogEntry } from '../runs/log-entry.js';

/** What a session leaves while it goes on: a log and checkpoints, in a run folder or elsewhere. */
export interface TrainingRecord {
  /** Adds a line to the log, which is kept with the next checkpoint. */
  log(entry: LogEntry): void;
  /** Keeps what the log holds; returns what went wrong, or undefined. */
  flush(): Promise<Diagnostic | undefined>;
  /** Drops what the log says of steps after `step`; tells which lines of it were no entries. */
  rewind(step: number): Promise<readonly Diagnostic[]>;
  /**
   * Keeps the log and the checkpoints named, with the weights of each; `last` holds the state, so
   * that training can go on from it, and is named last: after a failure the old one stays, and the
   * epoch is done again. Nothing is kept where a weight is no number. Returns what went wrong.
   */
  save(
    names: readonly CheckpointName[],
    weights: Readonly<Record<CheckpointName, WeightStore>>,
    state: OptimizerState | undefined,
    facts: Pick<CheckpointFacts, 'progress' | 'best'>,
  ): Promise<readonly Diagnostic[]>;
  /** Keeps "best" again, with what was measured of it under the conditions of now. Returns what went wrong. */
  saveMeasured(checkpoint: Checkpoint, best: BestEpoch | undefined): Promise<readonly Diagnostic[]>;
}
