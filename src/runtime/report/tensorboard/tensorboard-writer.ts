import { join } from 'node:path';
import { appendToFile, listFolder, makeFolder } from '../../../files/index.js';
import { LogFollower } from '../../runs/follow-log.js';
import type { LogEntry } from '../../runs/log-entry.js';
import { tensorboardFolder } from '../../runs/run-folder.js';
import type { TrainingEvent } from '../../training/events.js';
import { fileVersion, scalarRecord, sessionStart } from './event-records.js';
import { scalarsOf } from './scalars.js';

/**
 * Writes what the log of a run gains into files that TensorBoard reads, after each epoch. A run
 * that goes on gets another file, which voids what earlier ones hold of steps that are done again.
 */
export class TensorboardWriter {
  readonly #run: string;
  readonly #now: () => number;
  #log: LogFollower | undefined;
  #path = '';

  /** @param now the time in milliseconds since 1970. */
  constructor(run: string, now: () => number = Date.now) {
    this.#run = run;
    this.#now = now;
  }

  /** Takes in what the training tells. Throws `FileError`. */
  tell(event: TrainingEvent): void {
    if (event.kind === 'start') this.#begin(event.step);
    if (event.kind === 'epoch' || event.kind === 'stopped') this.#write();
  }

  #begin(step: number): void {
    const folder = join(this.#run, tensorboardFolder);
    makeFolder(folder);
    // Where there is no file yet, all of the log is new.
    const isFirst = !listFolder(folder).some(isEventFile);
    this.#log = new LogFollower(this.#run, isFirst ? 0 : step);
    const seconds = this.#now() / 1000;
    const number = String(Math.floor(seconds)).padStart(10, '0');
    this.#path = join(folder, `${prefix}${number}.unetc.${process.pid}`);
    const begin = isFirst ? [] : [sessionStart(seconds, step + 1)];
    appendToFile(this.#path, Buffer.concat([fileVersion(seconds), ...begin]));
    this.#write();
  }

  #write(): void {
    const entries = this.#log?.read() ?? [];
    if (entries.length === 0) return;
    const times = timesOf(entries, this.#now() / 1000);
    const records = entries.flatMap((entry, at) => {
      const scalars = scalarsOf(entry);
      return scalars.length === 0 ? [] : [scalarRecord(times[at]!, entry.step, scalars)];
    });
    appendToFile(this.#path, Buffer.concat(records));
  }
}

const prefix = 'events.out.tfevents.';
const isEventFile = (name: string): boolean => name.startsWith(prefix);

/** When entries were made, in seconds: the last one now, each before it by the time of its followers earlier. */
function timesOf(entries: readonly LogEntry[], now: number): readonly number[] {
  let time = now;
  const backwards = entries.toReversed().map((entry) => {
    const own = time;
    if (entry.kind === 'step') time -= entry.seconds;
    return own;
  });
  return backwards.reverse();
}
