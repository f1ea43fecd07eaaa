import { statSync } from 'node:fs';
import type { KnownFiles } from '../host.js';

/**
 * The files that a command reads, so that it does not write over them: what
 * people type once by mistake is not worth their data. Files are known by what
 * they are, not by name: links and other spellings lead to the same.
 */
export class InputFiles implements KnownFiles {
  readonly #known = new Map<string, string>();

  constructor(paths: Iterable<string> = []) {
    for (const path of paths) this.add(path);
  }

  /** Adds a file that is read; one that is not there is nobody's input. */
  add(path: string): void {
    const identity = identityOf(path);
    if (identity !== undefined) this.#known.set(identity, path);
  }

  find(path: string): string | undefined {
    const identity = identityOf(path);
    return identity === undefined ? undefined : this.#known.get(identity);
  }
}

function identityOf(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? undefined : `${found.dev}:${found.ino}`;
  } catch {
    // What cannot be seen has not been read.
    return undefined;
  }
}
