import { dirname, join, relative, resolve, sep } from 'node:path';
import type { CommandContext } from './context.js';

/** What makes a folder the root of a project. */
const rootMarks = ['package.json', '.git'];

/** The folder that a spec may read files of. */
export interface Project {
  /** Whether a path leads to a place inside it; links are to be followed before. */
  holds(path: string): boolean;
}

/**
 * The project of a spec: the nearest folder above it with a `package.json` or a
 * `.git`, else the spec's own folder.
 */
export function projectOf(spec: string, { host, folder }: CommandContext): Project {
  const start = resolve(folder, dirname(spec));
  const root = host.realPath(rootOf(start)) ?? start;
  return {
    holds: (path) => {
      const way = relative(root, resolve(folder, path));
      const leadsUp = way === '..' || way.startsWith(`..${sep}`);
      return !leadsUp && resolve(root, way) === resolve(folder, path);
    },
  };

  function rootOf(from: string): string {
    for (let at = from; ; at = dirname(at)) {
      if (rootMarks.some((mark) => host.kindOf(join(at, mark)) !== 'missing')) return at;
      if (dirname(at) === at) return from;
    }
  }
}
