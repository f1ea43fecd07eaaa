import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import {
  FileError,
  isFolder,
  listFolder,
  openOutput,
  removeEmptyFolder,
  removeFile,
} from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import type { Place } from './earlier-package.js';
import type { PackageFile } from './package-file.js';

/**
 * Writes the files of a package in their order, so that the list of checksums comes when all is
 * there, and removes what an earlier package has more. Returns what went wrong.
 */
export async function writePackage(
  folder: string,
  files: readonly PackageFile[],
  before: Exclude<Place, { kind: 'taken' }>,
): Promise<readonly Diagnostic[]> {
  const paths = new Set(files.map(({ path }) => path));
  const left = before.kind === 'package' ? before.files.filter((path) => !paths.has(path)) : [];
  try {
    for (const { path, content } of files) {
      const output = await openOutput(join(folder, path));
      try {
        for (const piece of content) await output.write(piece);
        await output.finish();
      } finally {
        output.abandon();
      }
    }
    for (const path of left) remove(folder, path);
    return [];
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { path: file, message: reason } = error;
    return [createDiagnostic('package-not-written', { file, reason }, { at: atFile(file) })];
  }
}

/** Removes a file, and the folders of the package that are empty then. */
function remove(folder: string, path: string): void {
  removeFile(join(folder, path));
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    const place = join(folder, at);
    if (!isFolder(place) || listFolder(place).length > 0) return;
    removeEmptyFolder(place);
  }
}
