import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { atFile, reasonOf } from './at-file.js';

/** How the names of files end that are still being written. */
export const temporaryEnding = '.tmp';

/**
 * Writes a whole file or nothing: the bytes go to a temporary file in the same
 * folder, are forced to the disk, and take the name at last. Missing folders
 * are made. Throws what the system throws.
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}${temporaryEnding}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (problem) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw problem;
  }
}

/** As `replaceFile`, but returns what went wrong, or undefined. */
export async function writeFileAtomically(
  path: string,
  bytes: Uint8Array,
): Promise<Diagnostic | undefined> {
  try {
    await replaceFile(path, bytes);
    return undefined;
  } catch (problem) {
    return createDiagnostic(
      'image-not-written',
      { file: path, reason: reasonOf(problem) },
      { at: atFile(path) },
    );
  }
}
