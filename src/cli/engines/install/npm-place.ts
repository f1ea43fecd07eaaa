import { basename, dirname, join, sep } from 'node:path';
import { isFile, readBytesSync } from '../../../files/index.js';

/** Where npm is to put an engine so that this program finds it. */
export interface NpmPlace {
  /** The folder that npm runs in. */
  readonly folder: string;
  /** The words of npm before the packages. */
  readonly words: readonly string[];
  /** Whether npm writes down what it brings; else the next call takes it away unless it names it. */
  readonly isSaved: boolean;
}

/**
 * How npm adds packages beside this program. In a clone of the repository npm takes optional peers
 * of the root for installed and does nothing, unless they are asked for as optional
 * dependencies; the package file stays as it is. In a project that depends on unetc, they become
 * dependencies of the project; beside a global one, they are global.
 *
 * @param root the folder of this package
 */
export function npmPlace(root: string): NpmPlace {
  const modules = `${sep}node_modules${sep}`;
  const at = root.indexOf(modules);
  if (at < 0) {
    const words = ['install', '--no-save', '--save-optional'];
    return { folder: root, words, isSaved: false };
  }
  const project = root.slice(0, at);
  if (isFile(join(project, 'package.json'))) {
    return { folder: project, words: ['install', '--save-exact'], isSaved: true };
  }
  // Global packages lie in PREFIX/lib/node_modules, on Windows in PREFIX/node_modules.
  const prefix = basename(project) === 'lib' ? dirname(project) : project;
  const words = ['install', '--global', '--prefix', prefix];
  return { folder: project, words, isSaved: true };
}

/** The folder of this package: that of the nearest package file with its name. */
export function packageRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (nameIn(join(folder, 'package.json')) === 'unetc') return folder;
    if (dirname(folder) === folder) throw new Error('this program lies in no package');
  }
}

function nameIn(file: string): string | undefined {
  if (!isFile(file)) return undefined;
  return (JSON.parse(readBytesSync(file, 'text').toString('utf8')) as { name?: string }).name;
}
