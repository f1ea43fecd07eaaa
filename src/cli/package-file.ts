import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a file shipped with the package lies. This module sits two folders deep, as source and as built. */
export function packagePath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** The text of a file shipped with the package, or undefined when there is none. */
export function readPackageFile(path: string): string | undefined {
  try {
    return readFileSync(packagePath(path), 'utf8');
  } catch {
    return undefined;
  }
}
