import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Resolve } from '../ir/load-files.js';
import { HostError } from '../host.js';
import type { CommandContext } from './context.js';

/** What makes a folder the root of a project. */
const rootMarks = ['package.json', '.git'];

/**
 * Finds the files that a spec imports: those in the folder of the project, which
 * is the nearest one above the spec with a `package.json` or a `.git`, else the
 * spec's own folder. Links are followed before that is asked, so that none leads
 * out. A file that cannot be read is as good as missing.
 */
export function createResolver(spec: string, context: CommandContext): Resolve {
  const { host } = context;
  const folder = resolve(context.folder, dirname(spec));
  let root: string | undefined;
  return (path) => {
    root ??= host.realPath(rootOf(folder)) ?? folder;
    try {
      const real = host.realPath(path);
      const outside = (place: string): boolean => {
        const way = relative(root!, place);
        return way === '..' || way.startsWith(`..${sep}`) || resolve(root!, way) !== resolve(place);
      };
      if (outside(real ?? resolve(context.folder, path))) return 'outside';
      if (real === undefined || host.kindOf(path) !== 'file') return undefined;
      const text = host.readText(path);
      return text === undefined ? undefined : { path, text };
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  };

  function rootOf(start: string): string {
    for (let at = start; ; at = dirname(at)) {
      if (rootMarks.some((mark) => host.kindOf(join(at, mark)) !== 'missing')) return at;
      if (dirname(at) === at) return start;
    }
  }
}
