import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inWords } from './file-error.js';

/**
 * Gives `act` a new folder among the system's temporary ones, and removes it with all that is
 * in it when `act` has ended. Throws `FileError` where none can be made.
 */
export async function withTemporaryFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const place = join(tmpdir(), 'unetc-');
  const folder = inWords(place, () => mkdtempSync(place));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // A signal ends the process in the midst of it.
  process.once('exit', remove);
  try {
    return await act(folder);
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}
