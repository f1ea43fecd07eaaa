import { dirname, join } from 'node:path';
import { isFile, readBytesSync } from '../files/index.js';

/** The text of a file shipped with the package, or undefined when there is none. */
export function readPackageFile(path: string): string | undefined {
  const found = findPackageFile(path);
  return found === undefined ? undefined : readBytesSync(found, 'program').toString('utf8');
}

/**
 * Where a file lies that is shipped with the package, or undefined when there is none.
 * The path is looked for from this module's folder upwards, since the module lies
 * at other depths as source and as built.
 */
export function findPackageFile(path: string): string | undefined {
  let folder = import.meta.dirname;
  while (!isFile(join(folder, path))) {
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return join(folder, path);
}
