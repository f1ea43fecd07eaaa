import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a file shipped with the package lies: below the nearest folder that holds a package.json. */
export function packagePath(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return join(folder, path);
}

/** The text of a file shipped with the package, or undefined when there is none. */
export function readPackageFile(path: string): string | undefined {
  const found = packagePath(path);
  return existsSync(found) ? readFileSync(found, 'utf8') : undefined;
}
