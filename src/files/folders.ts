import {
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { PathKind } from '../host.js';
import { FileError, inWords, readSystemError, toFileError } from './file-error.js';

/**
 * What a path names. Throws `FileError` where that cannot be seen; a path that
 * goes on behind a file names nothing.
 */
export function kindOf(path: string): PathKind {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'missing';
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (readSystemError(error).code === 'ENOTDIR') return 'missing';
    throw toFileError(path, error);
  }
}

/** Whether a path names a folder; false also where that cannot be seen. */
export function isFolder(path: string): boolean {
  return isA('folder', path);
}

/** Whether a path names a regular file; false also where that cannot be seen. */
export function isFile(path: string): boolean {
  return isA('file', path);
}

/** Whether a path names what is neither: a device, a pipe, a socket. */
export function isOther(path: string): boolean {
  return isA('other', path);
}

function isA(kind: PathKind, path: string): boolean {
  try {
    return kindOf(path) === kind;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** When a file was changed last, in milliseconds since 1970. Throws `FileError`. */
export function modifiedAt(path: string): number {
  return inWords(path, () => statSync(path).mtimeMs);
}

/** The bytes of a file. Throws `FileError`. */
export function sizeOfFile(path: string): number {
  return inWords(path, () => statSync(path).size);
}

/** A path without links; undefined when it names nothing. Throws `FileError`. */
export function realPath(path: string): string | undefined {
  return kindOf(path) === 'missing' ? undefined : inWords(path, () => realpathSync(path));
}

/** The names in a folder, sorted. Throws `FileError`. */
export function listFolder(path: string): readonly string[] {
  return inWords(path, () => readdirSync(path)).sort();
}

/**
 * The paths of everything below a folder whose name ends in `extension` and that
 * is not a folder itself, sorted, spelt as the folder is. Links to folders are not
 * followed (they may lead back up), and hidden folders and `node_modules` not
 * entered, where nobody keeps specs. Throws `FileError`.
 */
export function listFiles(shown: string, folder: string, extension: string): readonly string[] {
  const found: string[] = [];
  const walk = (shownFolder: string, real: string): void => {
    const entries = inWords(shownFolder, () => readdirSync(real, { withFileTypes: true }));
    for (const entry of entries) {
      const below = shownFolder === '.' ? entry.name : join(shownFolder, entry.name);
      const isHidden = entry.name.startsWith('.') || entry.name === 'node_modules';
      if (entry.isDirectory()) {
        if (!isHidden) walk(below, join(real, entry.name));
      } else if (entry.name.endsWith(extension)) {
        found.push(below);
      }
    }
  };
  walk(shown, folder);
  return found.sort();
}

/**
 * Makes a folder and those above it that are missing. Not by Node's own option
 * `recursive`, which tries for ever where a folder exists but takes no new ones,
 * as below `/proc`. Throws `FileError`.
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = [];
  for (let at = path; kindOf(at) === 'missing'; at = dirname(at)) {
    missing.push(at);
    if (dirname(at) === at) break;
  }
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder, mode);
    } catch (error) {
      const { code } = readSystemError(error);
      // Another program was faster.
      if (code === 'EEXIST' && isFolder(folder)) continue;
      const reason = code === 'ENOENT' ? 'no folder can be made there' : undefined;
      throw reason === undefined
        ? toFileError(folder, error)
        : new FileError(folder, 'system', reason, code);
    }
  }
  if (!isFolder(path)) {
    throw new FileError(path, 'no-file', 'it is there already and no folder', 'ENOTDIR');
  }
}

/** Removes a file if it is there. Throws `FileError`. */
export function removeFile(path: string): void {
  inWords(path, () => rmSync(path, { force: true }));
}

/** Removes a folder that is empty. Throws `FileError`. */
export function removeEmptyFolder(path: string): void {
  inWords(path, () => rmdirSync(path));
}

/** Moves a file or folder to another place on the same disk, where nothing may be. */
export function movePath(from: string, to: string): void {
  renameSync(from, to);
}
