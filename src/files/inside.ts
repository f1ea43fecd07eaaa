import { realpathSync, statSync, type BigIntStats } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { FileError } from './file-error.js';

/** Whether a path lies in a folder or is it, by the letters alone; follow links before. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  const leadsUp = way === '..' || way.startsWith(`..${sep}`);
  // On Windows the way to another disk is no way, but a path of its own.
  return !leadsUp && resolve(folder, way) === resolve(path);
}

/** Whether two descriptions are of one file, under whatever names. */
function isSameFile(first: BigIntStats, second: BigIntStats): boolean {
  return first.dev === second.dev && first.ino === second.ino;
}

/**
 * Throws unless a file that has been opened lies in a folder once all links are
 * followed. The file is compared with what lies at the place now, so that a link
 * that is changed meanwhile opens nothing else; the problem then is `replaced`.
 */
export function requireInside(folder: string, path: string, opened: BigIntStats): void {
  const real = realpathSync(path);
  if (!isInside(realpathSync(folder), real)) {
    const leads = real === resolve(path) ? '' : `; its links lead to "${real}"`;
    throw new FileError(path, 'outside', `it lies outside of the folder "${folder}"${leads}`);
  }
  if (!isSameFile(statSync(real, { bigint: true }), opened)) {
    throw new FileError(path, 'replaced', 'it was replaced while it was opened');
  }
}
