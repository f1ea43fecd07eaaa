import type { Host } from '../host.js';

/** Where files are looked up. */
export interface FileContext {
  readonly host: Host;
  /** Relative paths start here. */
  readonly folder: string;
}

/** What makes a folder the root of a project. */
const rootMarks = ['package.json', '.git'];

/** The folder that a spec may read files of. */
export interface Project {
  /** Its root folder, without links. */
  readonly root: string;
  /** Whether a path leads to a place inside it; links are to be followed before. */
  holds(path: string): boolean;
}

/**
 * The project of a spec: the nearest folder above it with a `package.json` or a
 * `.git`, else the spec's own folder.
 */
export function projectOf(spec: string, context: FileContext): Project {
  const { host, folder } = context;
  const found = rootOf(spec, context);
  const root = host.realPath(found) ?? found;
  return { root, holds: (path) => host.paths.isInside(root, host.paths.resolve(folder, path)) };
}

/** The root folder of a spec's project. */
export function rootOf(spec: string, { host, folder }: FileContext): string {
  const { resolve, dirname } = host.paths;
  const start = resolve(folder, dirname(spec));
  for (let at = start; ; at = dirname(at)) {
    if (rootMarks.some((mark) => host.kindOf(resolve(at, mark)) !== 'missing')) return at;
    if (dirname(at) === at) return start;
  }
}
