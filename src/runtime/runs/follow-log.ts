import { join } from 'node:path';
import { readTailSync } from '../../files/index.js';
import type { LogEntry } from './log-entry.js';
import { logFile } from './run-folder.js';

/** Reads the lines that a training adds to a log, in this process or in another one. */
export class LogFollower {
  readonly #path: string;
  #at = 0;
  readonly #known: number;
  #step: number;
  #hasBegun = false;

  /** @param known the step up to which lines are known. */
  constructor(folder: string, known: number) {
    this.#path = join(folder, logFile);
    this.#known = known;
    this.#step = known;
  }

  /** The last step that was read of. */
  get step(): number {
    return this.#step;
  }

  /** The whole lines of new steps that came since the last call. */
  read(): readonly LogEntry[] {
    // When it begins, Python writes the log anew without the lines of steps that it does again.
    if (!this.#hasBegun) this.#at = 0;
    const bytes = readTailSync(this.#path, this.#at);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const entries = bytes
      .toString('utf8', 0, end)
      .split('\n')
      .flatMap((line): readonly LogEntry[] => (line === '' ? [] : entryOf(line)))
      .filter(({ step }) => step > this.#known);
    this.#step = entries.at(-1)?.step ?? this.#step;
    this.#at += end;
    this.#hasBegun ||= entries.length > 0;
    return entries;
  }

  /** Whether the log ends with the word that the training was stopped. */
  endsStopped(): boolean {
    const lines = readTailSync(this.#path, 0).toString('utf8').trimEnd().split('\n');
    return entryOf(lines.at(-1)!)[0]?.kind === 'stopped';
  }
}

/** What a line says; nothing where it is damaged. */
function entryOf(line: string): readonly LogEntry[] {
  try {
    return [JSON.parse(line) as LogEntry];
  } catch {
    return [];
  }
}
