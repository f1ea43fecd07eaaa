import { createMemoryHost } from '../../src/host.js';
import { createResolver } from '../../src/project/imports.js';
import { compileRun, type RunCompilation } from '../../src/runtime/training/run-spec.js';
import type { PageSource } from '../messages.js';

/** Compiles a network of the page; its files import each other as those of a folder do. */
export function compileSource({ path, files, model }: PageSource): RunCompilation {
  const host = createMemoryHost({ ...files });
  const resolve = createResolver(path, { host, folder: host.paths.dirname(path) });
  return compileRun(path, files[path] ?? '', { resolve, model });
}
