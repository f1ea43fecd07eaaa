import type { Resolve } from '../frontend/declarations/load-files.js';
import { HostError } from '../host.js';
import { projectOf, type FileContext, type Project } from './project.js';

/**
 * Finds the files that a spec imports: those of its project. Symbolic links are
 * resolved first, so that none leads out. A file that cannot be read is as
 * good as missing.
 */
export function createResolver(spec: string, context: FileContext): Resolve {
  const { host } = context;
  let project: Project | undefined;
  return (path) => {
    project ??= projectOf(spec, context);
    try {
      const real = host.realPath(path);
      if (!project.holds(real ?? path)) return 'outside';
      if (real === undefined || host.kindOf(path) !== 'file') return undefined;
      const text = host.readText(path);
      return text === undefined ? undefined : { path, text };
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  };
}
