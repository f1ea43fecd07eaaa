import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { version } from '../../version.js';
import type { MaskEncoding } from '../data/mask-encoding.js';
import type { Optimizer } from '../network/optimizers/optimizer.js';
import type { WeightStore } from '../network/weights.js';
import type { Checkpoint, CheckpointFacts, CheckpointName } from '../runs/checkpoint.js';
import { RunLog, type LogEntry } from '../runs/log.js';
import { logFile, notWritten } from '../runs/run-folder.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface } from './setup.js';
import type { Topology } from './topology.js';
import { writeCheckpoint, type WriteFile } from '../runs/write-checkpoint.js';

export interface RecorderOptions {
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  readonly data: { readonly encoding: MaskEncoding };
  /** The run folder. */
  readonly out: string;
  readonly write: WriteFile;
}

/** What a run leaves on the disk while it goes on: its log and its checkpoints. */
export class RunRecorder {
  readonly #options: RecorderOptions;
  readonly #topology: Topology;
  readonly #log: RunLog;

  constructor(options: RecorderOptions, topology: Topology) {
    this.#options = options;
    this.#topology = topology;
    this.#log = new RunLog(options.out, options.write);
  }

  /** Adds a line to the log, which is written with the next checkpoint. */
  log(entry: LogEntry): void {
    this.#log.add(entry);
  }

  /** Writes what the log holds; returns what went wrong, or undefined. */
  flush(): Promise<Diagnostic | undefined> {
    return this.#guarded(logFile, () => this.#log.flush());
  }

  /** Drops what the log says of steps after `step`. */
  rewind(step: number): Promise<Diagnostic | undefined> {
    return this.#guarded(logFile, () => this.#log.rewind(step));
  }

  /**
   * Writes the log and the checkpoints named; `last` holds the optimizer, so
   * that training can go on from it, and is named last: after a failure the old
   * one stays, and the epoch is done again. Returns what could not be written.
   */
  async save(
    names: readonly CheckpointName[],
    weights: WeightStore,
    optimizer: Optimizer,
    { progress, best }: Pick<CheckpointFacts, 'progress' | 'best'>,
  ): Promise<readonly Diagnostic[]> {
    const { run, network, data, out, write } = this.#options;
    const { sizes, scaling } = run.recipe;
    const facts: CheckpointFacts = {
      unetc: version,
      spec: run.spec,
      preprocessing: {
        channels: network.channels,
        scaling: { name: scaling.name, options: scaling.options },
        sizes: { name: sizes.name, options: sizes.options },
        masks: data.encoding,
      },
      progress,
      best,
    };
    const values = await weights.values();
    const state = await optimizer.state();
    const unwritten = await this.flush();
    if (unwritten !== undefined) return [unwritten];
    for (const name of names) {
      const checkpoint: Checkpoint = {
        ...facts,
        weights: values,
        optimizer: name === 'last' ? state : undefined,
      };
      const problem = await this.#guarded(name, () =>
        writeCheckpoint(join(out, name), this.#topology, checkpoint, write),
      );
      if (problem !== undefined) return [problem];
    }
    return [];
  }

  /** Runs what writes; a failure of the system is returned, one of ours thrown. */
  async #guarded(name: string, act: () => Promise<void>): Promise<Diagnostic | undefined> {
    try {
      await act();
      return undefined;
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
      return notWritten(join(this.#options.out, name), error);
    }
  }
}
