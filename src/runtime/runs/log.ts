import { join } from 'node:path';
import { appendToFile, FileError, readBytes } from '../../files/index.js';
import type { LogEntry } from './log-entry.js';
import { logFile } from './run-folder.js';
import { oneOf, whole } from './shape.js';
import type { WriteFile } from './stored-file.js';

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
  flush(): void {
    if (this.#pending.length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    appendToFile(this.#path, text);
  }

  /**
   * Drops lines of steps after `step`, which will be done again, and a last line
   * that was cut short. Returns the numbers of other lines that are no entries,
   * counted from 1; they are dropped too.
   */
  async rewind(step: number): Promise<readonly number[]> {
    const lines = (await readText(this.#path)).split('\n');
    // What follows the last line's end: nothing, or a line that was cut short.
    lines.pop();
    const entries = lines.map(parseEntry);
    const kept = lines.filter((_, at) => {
      const entry = entries[at];
      return entry !== undefined && entry.step <= step && entry.kind !== 'stopped';
    });
    await this.#write(this.#path, Buffer.from(kept.map((line) => `${line}\n`).join('')));
    return entries.flatMap((entry, at) => (entry === undefined ? [at + 1] : []));
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readBytes(path, 'log')).toString('utf8');
  } catch (error) {
    if (error instanceof FileError && error.problem === 'missing') return '';
    throw error;
  }
}

/** What tells whether a line stays; what else it says is for people and their tools. */
type EntryPlace = Pick<LogEntry, 'kind' | 'step'>;

const kinds = oneOf<LogEntry['kind']>(['step', 'epoch', 'stopped', 'ended', 'changed', 'measured']);

function parseEntry(line: string): EntryPlace | undefined {
  try {
    const { kind, step } = Object(JSON.parse(line)) as Partial<EntryPlace>;
    const isEntry =
      kinds.problemOf(kind, '') === undefined && whole(0).problemOf(step, '') === undefined;
    return isEntry ? { kind: kind!, step: step! } : undefined;
  } catch {
    return undefined;
  }
}
