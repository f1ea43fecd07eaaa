import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import {
  FileError,
  isFile,
  kindOf,
  listFiles,
  listFolder,
  readBytesSync,
} from '../../files/index.js';
import { sumsFile } from './package-files.js';

/** What lies where a package is to be written. */
export type Place =
  | { readonly kind: 'free' }
  /** A package as unetc has made it; its files, the list of checksums included. */
  | { readonly kind: 'package'; readonly files: readonly string[] }
  /** Something that nobody wants to lose; why, without a final period. */
  | { readonly kind: 'taken'; readonly reason: string };

/** Looks at the place of a package. Hidden files and `node_modules` count for nothing. Throws `FileError`. */
export function placeOf(folder: string): Place {
  const taken = (reason: string): Place => ({ kind: 'taken', reason });
  const kind = kindOf(folder);
  if (kind === 'missing') return { kind: 'free' };
  if (kind !== 'folder') return taken('it is no folder');
  if (listFolder(folder).length === 0) return { kind: 'free' };
  if (!isFile(join(folder, sumsFile)))
    return taken(`it holds files, and no "${sumsFile}" of a package`);
  const sums = readSums(folder);
  const files = listFiles(folder, folder, '').map((path) =>
    relative(folder, path).split(sep).join('/'),
  );
  for (const file of files) {
    if (file === sumsFile) continue;
    const sum = sums.get(file);
    if (sum === undefined) return taken(`"${file}" in it is no part of a package`);
    if (sum !== sumOf(join(folder, file))) return taken(`"${file}" in it was changed`);
  }
  return { kind: 'package', files };
}

function readSums(folder: string): ReadonlyMap<string, string> {
  const text = readBytesSync(join(folder, sumsFile), 'text').toString('utf8');
  const lines = [...text.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)];
  return new Map(lines.map(([, sum, path]) => [path!, sum!]));
}

function sumOf(path: string): string | undefined {
  try {
    return createHash('sha256').update(readBytesSync(path, 'weights')).digest('hex');
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
