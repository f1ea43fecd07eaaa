import { lstatSync, readlinkSync } from 'node:fs';

/** Where a link leads, as it is written in it; undefined when the path is not a link. */
export function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
