import { compileText, type Compilation } from '../../src/compile.js';
import { growths, type Growth, type GrowthName } from './growing-specs.js';

/** What a grown spec and its files compile to. */
export function compileGrown(name: GrowthName, n: number): Compilation {
  const { text, files = {} } = (growths as Readonly<Record<string, Growth>>)[name]!.grow(n);
  return compileText('net.unet', text, {
    resolve: (path) => (files[path] === undefined ? undefined : { path, text: files[path] }),
  });
}
