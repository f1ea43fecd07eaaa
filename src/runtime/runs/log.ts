import { join } from 'node:path';
import { appendToFile, FileError, readBytes } from '../../files/index.js';
import type { MetricValue, MetricValues } from '../metrics/metric-set.js';
import { logFile } from './run-folder.js';
import type { WriteFile } from './write-checkpoint.js';

/** One line of a run's `log.jsonl`. Keys are never renamed; new ones may come. */
export type LogEntry =
  | {
      readonly kind: 'step';
      /** Counted from 1, as all counts here. */
      readonly epoch: number;
      /** Over the whole run. */
      readonly step: number;
      /** Of the batch. */
      readonly loss: number;
      readonly learningRate: number;
      readonly images: number;
      /** What the step took, waiting for data included. */
      readonly seconds: number;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly step: number;
      /** The mean over the epoch's batches. */
      readonly loss: number;
      /** The same for each output, unweighted, where there are several. */
      readonly losses?: Readonly<Record<string, number>>;
      readonly validation: LoggedValidation;
      /** Whether this is the best epoch so far. */
      readonly isBest: boolean;
      /** Of the training part, since the program was started or went on. */
      readonly imagesPerSecond: number;
      /** Of the epoch, validation included. */
      readonly seconds: number;
    }
  | { readonly kind: 'stopped'; readonly epoch: number; readonly step: number };

/** A validation as the log holds it. */
export interface LoggedValidation {
  readonly loss: number;
  /** By metric: the mean, and the values by class (null where there is nothing to measure). */
  readonly metrics: Readonly<
    Record<string, { readonly mean: number; readonly classes: readonly (number | null)[] }>
  >;
}

/** Metric values as plain data. */
export function logMetrics(values: MetricValues): LoggedValidation['metrics'] {
  const plain = ({ mean, classes }: MetricValue): LoggedValidation['metrics'][string] => ({
    mean,
    classes: classes.map((value) => value ?? null),
  });
  return Object.fromEntries([...values].map(([name, value]) => [name, plain(value)]));
}

/** Collects lines and appends them when told to. */
export class RunLog {
  readonly #path: string;
  readonly #write: WriteFile;
  #pending: string[] = [];

  constructor(run: string, write: WriteFile) {
    this.#path = join(run, logFile);
    this.#write = write;
  }

  add(entry: LogEntry): void {
    this.#pending.push(`${JSON.stringify(entry)}\n`);
  }

  /** Appends what was added since; throws what the system throws. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    appendToFile(this.#path, text);
  }

  /** Drops lines of steps after `step`, and a last line that was cut short: they will be done again. */
  async rewind(step: number): Promise<void> {
    const kept = (await this.#read()).split('\n').filter((line) => {
      const entry = parseEntry(line);
      return entry !== undefined && entry.step <= step && entry.kind !== 'stopped';
    });
    await this.#write(this.#path, Buffer.from(kept.map((line) => `${line}\n`).join('')));
  }

  /** The text of the log; empty where there is none yet. */
  async #read(): Promise<string> {
    try {
      return (await readBytes(this.#path, 'log')).toString('utf8');
    } catch (error) {
      if (error instanceof FileError && error.problem === 'missing') return '';
      throw error;
    }
  }
}

function parseEntry(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}
