import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { imageValues } from '../data/check-brightness.js';
import type { MaskEncoding } from '../data/mask-encoding.js';
import type { SplitSummary } from '../data/summary.js';
import type { OptimizerState } from '../network/optimizers/optimizer.js';
import type { WeightStore } from '../network/weights.js';
import { atFile } from '../data/at-file.js';
import type {
  BestEpoch,
  Checkpoint,
  CheckpointFacts,
  CheckpointName,
  RunConditions,
  TrainingProgress,
} from '../runs/checkpoint.js';
import type { LogEntry } from '../runs/log-entry.js';
import { RunLog } from '../runs/log.js';
import { describePreprocessing } from '../runs/preprocessing.js';
import { dataFile, type DataListing } from '../runs/data-listing.js';
import { logFile, renewListing } from '../runs/run-folder.js';
import { describeGone, type RunLock } from '../runs/run-lock.js';
import type { TrainingRecord } from './record.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface } from './network-interface.js';
import { checkSpoilt } from './spoilt-weights.js';
import type { Topology } from './topology.js';
import { notWritten, type WriteFile } from '../runs/stored-file.js';
import { writeCheckpoint, type WrittenCheckpoint } from '../runs/write-checkpoint.js';

export interface RecorderOptions {
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  readonly data: {
    readonly encoding: MaskEncoding;
    readonly summaries: readonly SplitSummary[];
  };
  /** The run folder. */
  readonly out: string;
  /** Holds the run folder for this process. */
  readonly lock: RunLock;
  /** Which run it is, and under what it is trained. */
  readonly id: string;
  readonly conditions: RunConditions;
  /** The data of these conditions. */
  readonly listing: DataListing;
  readonly write: WriteFile;
}

/** Keeps the log and the checkpoints of a run in its folder, as long as the folder is this run's. */
export class RunRecorder implements TrainingRecord {
  readonly #options: RecorderOptions;
  readonly #topology: Topology;
  readonly #log: RunLog;
  /** Whether `data.json` is that of the data. */
  #isListed = false;

  constructor(options: RecorderOptions, topology: Topology) {
    this.#options = options;
    this.#topology = topology;
    this.#log = new RunLog(options.out, options.write);
  }

  log(entry: LogEntry): void {
    this.#log.add(entry);
  }

  flush(): Promise<Diagnostic | undefined> {
    return this.#guarded(logFile, () => this.#log.flush());
  }

  async rewind(step: number): Promise<readonly Diagnostic[]> {
    const file = join(this.#options.out, logFile);
    let dropped: readonly number[] = [];
    const problem = await this.#guarded(logFile, async () => {
      dropped = await this.#log.rewind(step);
    });
    if (problem !== undefined) return [problem];
    if (dropped.length === 0) return [];
    const more = dropped.length > 3 ? `, and ${dropped.length - 3} more` : '';
    const lines = `${dropped.length === 1 ? 'line' : 'lines'} ${dropped.slice(0, 3).join(', ')}${more}`;
    return [createDiagnostic('log-lines-dropped', { file, lines }, { at: atFile(file) })];
  }

  async save(
    names: readonly CheckpointName[],
    weights: Readonly<Record<CheckpointName, WeightStore>>,
    state: OptimizerState | undefined,
    { progress, best }: Pick<CheckpointFacts, 'progress' | 'best'>,
  ): Promise<readonly Diagnostic[]> {
    const { run, network, data, id, conditions } = this.#options;
    const preprocessing = describePreprocessing(run, network, {
      masks: data.encoding,
      images: data.summaries.filter(({ name }) => name === 'train').flatMap(imageValues),
      classPixels: data.summaries.find(({ name }) => name === 'train')?.classes,
    });
    const facts: CheckpointFacts = {
      ...{ run: id, conditions, spec: run.spec },
      ...{ preprocessing, progress, best },
    };
    const checkpoints: [CheckpointName, WrittenCheckpoint][] = [];
    for (const name of names) {
      const values = await weights[name].values();
      const spoilt = checkSpoilt(values, progress, run);
      if (spoilt !== undefined) return [spoilt];
      const optimizer = name === 'last' ? state : undefined;
      checkpoints.push([name, { ...facts, weights: values, optimizer }]);
    }
    return this.#write(checkpoints, progress);
  }

  saveMeasured(
    checkpoint: Checkpoint,
    best: BestEpoch | undefined,
  ): Promise<readonly Diagnostic[]> {
    const { conditions } = this.#options;
    return this.#write([['best', { ...checkpoint, conditions, best }]], checkpoint.progress);
  }

  /** Writes the log and then checkpoints, as long as all goes well and the folder is this run's. */
  async #write(
    checkpoints: readonly (readonly [CheckpointName, WrittenCheckpoint])[],
    progress: TrainingProgress,
  ): Promise<readonly Diagnostic[]> {
    const { out, lock, write } = this.#options;
    if (!lock.isHeld()) {
      return [describeGone(out, progress.step)];
    }
    const unwritten = await this.flush();
    if (unwritten !== undefined) return [unwritten];
    for (const [name, checkpoint] of checkpoints) {
      const problem = await this.#guarded(name, () =>
        writeCheckpoint(join(out, name), this.#topology, checkpoint, write),
      );
      if (problem !== undefined) return [problem];
    }
    const unlisted = await this.#listData(checkpoints.map(([name]) => name));
    return unlisted === undefined ? [] : [unlisted];
  }

  /** Lists the data of the conditions, once the last checkpoint is of these. */
  async #listData(written: readonly CheckpointName[]): Promise<Diagnostic | undefined> {
    if (this.#isListed || !written.includes('last')) return undefined;
    const { out, listing, write } = this.#options;
    this.#isListed = true;
    return this.#guarded(dataFile, () => renewListing(out, listing, write));
  }

  /** Runs what writes; a failure of the system is returned, one of ours thrown. */
  async #guarded(name: string, act: () => Promise<void> | void): Promise<Diagnostic | undefined> {
    try {
      await act();
      return undefined;
    } catch (error) {
      return notWritten(join(this.#options.out, name), error);
    }
  }
}
