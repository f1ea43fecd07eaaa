import { join } from 'node:path';
import { readTailSync } from '../../files/index.js';
import type { LogEntry } from '../runs/log.js';
import { logFile } from '../runs/run-folder.js';

/** Reads the lines that a training adds to its log. */
export class LogFollower {
  readonly #path: string;
  #at = 0;

  /** @param step lines up to this one are known. */
  constructor(
    folder: string,
    readonly step: number,
  ) {
    this.#path = join(folder, logFile);
  }

  /** The whole lines that came since the last call. */
  read(): readonly LogEntry[] {
    const bytes = readTailSync(this.#path, this.#at);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#at += end;
    return bytes
      .toString('utf8', 0, end)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogEntry)
      .filter(({ step, kind }) => step > this.step || kind === 'stopped');
  }
}
