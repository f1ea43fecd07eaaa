import { posixPaths, type Paths } from './paths.js';

/** What a path names, links followed; `other` is a pipe, a device or a socket. */
export type PathKind = 'file' | 'folder' | 'other' | 'missing';

/** Files that are known by what they are, whatever way leads to them. */
export interface KnownFiles {
  /** The one that a path leads to, as it was named; undefined when it leads to none. */
  find(path: string): string | undefined;
}

/** What the compiler needs of the world: files. Node and in-memory twins implement it. */
export interface Host {
  /** How its paths are written. */
  readonly paths: Paths;
  /** The text of a file, or undefined when there is none. Throws `HostError` when it cannot be read. */
  readText(path: string): string | undefined;
  /**
   * Writes a file whole or not at all, and none of `inputs`. Throws `HostError` when that cannot be.
   */
  writeText(path: string, text: string, inputs?: KnownFiles): void;
  /** What the path names. */
  kindOf(path: string): PathKind;
  /** The path without links, as the host's own; undefined when it names nothing. */
  realPath(path: string): string | undefined;
  /** The paths of all files below a folder whose names end in `extension`, sorted. */
  listFiles(folder: string, extension: string): readonly string[];
}

/** A file that could not be read or written, with the reason in words. */
export class HostError extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = 'HostError';
  }
}

/** A host over a map of paths to texts, for tests and browser pages; its paths are Unix'. */
export function createMemoryHost(files: Record<string, string>): Host {
  const texts = new Map(Object.entries(files));
  const isBelow = (folder: string, path: string): boolean =>
    path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
  const hasBelow = (path: string): boolean => [...texts.keys()].some((file) => isBelow(path, file));
  return {
    paths: posixPaths,
    readText: (path) => texts.get(path),
    writeText: (path, text) => void texts.set(path, text),
    kindOf: (path) => (texts.has(path) ? 'file' : hasBelow(path) ? 'folder' : 'missing'),
    realPath: (path) => (texts.has(path) || hasBelow(path) ? path : undefined),
    listFiles: (folder, extension) =>
      [...texts.keys()].filter((path) => isBelow(folder, path) && path.endsWith(extension)).sort(),
  };
}
