import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import {
  FileError,
  readBytes,
  readSystemError,
  toFileError,
  type FileKind,
} from '../../files/index.js';
import { atFile } from '../data/at-file.js';

/** The file that makes a folder a checkpoint. */
export const modelFile = 'model.json';

/** How a file is written whole or not at all; another one in tests of full disks. */
export type WriteFile = (path: string, bytes: Uint8Array) => Promise<void>;

/** The bytes of a file, or in words why there are none. */
export type StoredBytes =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Reads a file of a run, which lies in `folder` itself. */
export async function readStored(
  folder: string,
  name: string,
  kind: FileKind = 'json',
): Promise<StoredBytes> {
  try {
    return { kind: 'read', bytes: await readBytes(join(folder, name), kind, { within: folder }) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.problem === 'missing'
      ? { kind: 'missing' }
      : { kind: 'unreadable', problem: error.message };
  }
}

/** The SHA-256 of bytes, in hexadecimal digits. */
export function digestOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The diagnostic for a file of a run that could not be written; what is no failure of the system is thrown on. */
export function notWritten(file: string, error: unknown): Diagnostic {
  if (readSystemError(error).code === '') throw error;
  const { code, message: reason } = toFileError(file, error);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const help = isFull
    ? ['Make room and go on with "--resume"; the checkpoints written before are whole.']
    : [];
  return createDiagnostic('run-not-written', { file, reason }, { at: atFile(file), help });
}
