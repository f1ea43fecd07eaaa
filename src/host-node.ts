import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  decodeText,
  FileError,
  isInside,
  kindOf,
  listFiles,
  readBytesSync,
  realPath,
  replaceFileSync,
} from './files/index.js';
import type { Host } from './host.js';
import type { Paths } from './paths.js';

/** Paths as this machine writes them. */
const nodePaths: Paths = {
  resolve,
  dirname,
  isInside,
  toUri: (path) => pathToFileURL(path).href,
  fromUri(uri) {
    if (!uri.startsWith('file:')) return undefined;
    try {
      return fileURLToPath(uri).replaceAll('\\', '/');
    } catch {
      return undefined;
    }
  },
};

/**
 * The host over the file system. Relative paths start at `folder`, so that a
 * test or a server can work elsewhere than in the process's own folder; paths
 * that come back, and those of errors, are spelt as they were given.
 */
export function createNodeHost(folder: string = process.cwd()): Host {
  const locate = (path: string): string => resolve(folder, path);
  return {
    paths: nodePaths,
    readText: (path) => spelt(path, () => readText(locate(path))),
    writeText: (path, text, inputs) => {
      if (/[/\\]$/.test(path)) throw new FileError(path, 'no-file', 'it names a folder');
      spelt(path, () => replaceFileSync(locate(path), text, { inputs }));
    },
    kindOf: (path) => spelt(path, () => kindOf(locate(path))),
    realPath: (path) => spelt(path, () => realPath(locate(path))),
    listFiles: (path, extension) => listFiles(path, locate(path), extension),
  };
}

function readText(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readBytesSync(path, 'text');
  } catch (error) {
    if (error instanceof FileError && error.problem === 'missing') return undefined;
    throw error;
  }
  return decodeText(path, bytes);
}

/** Errors name the path as it was given. */
function spelt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(path, error.problem, error.message, error.code);
  }
}
