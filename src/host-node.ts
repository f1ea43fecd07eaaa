import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HostError, type Host } from './host.js';

/**
 * The host over the file system. Relative paths start at `folder`, so that a
 * test or a server can work elsewhere than in the process's own folder; paths
 * that come back are spelt as they were given.
 */
export function createNodeHost(folder: string = process.cwd()): Host {
  const locate = (path: string): string => resolve(folder, path);
  return {
    readText: (path) => readText(path, locate(path)),
    writeText: (path, text) => inWords(path, () => writeAtomically(path, locate(path), text)),
    kindOf: (path) => kindOf(path, locate(path)),
    realPath: (path) =>
      kindOf(path, locate(path)) === 'missing'
        ? undefined
        : inWords(path, () => realpathSync(locate(path))),
    listFiles: (path, extension) => listFiles(path, locate(path), extension),
  };
}

/**
 * Decodes the bytes of a text file. Throws `HostError` when they are not UTF-8;
 * a byte-order mark stays, since offsets count it.
 */
export function decodeText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new HostError(path, 'it is not text in UTF-8');
  }
}

/** The reason of a failed file operation in words, for people who do not know error codes. */
export function describeSystemError(error: unknown): string {
  const { code, message } = readError(error);
  return reasons[code] ?? message;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large for this disk',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a part of its path is a file, not a folder',
  ENOENT: 'a folder of its path does not exist',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links form a circle',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  ERR_FS_FILE_TOO_LARGE: 'the file is larger than 2 GB',
  ERR_STRING_TOO_LONG: 'the file is larger than a text can be',
  ERR_INVALID_ARG_VALUE: 'its path holds a zero byte',
};

function inWords<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof HostError ? error : new HostError(path, describeSystemError(error));
  }
}

/** Reads an error by its fields: one from another realm is no `Error` of ours. */
function readError(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = Object(error) as {
    readonly code?: unknown;
    readonly message?: unknown;
  };
  return { code: String(code ?? ''), message: String(message ?? error) };
}

function readText(path: string, absolute: string): string | undefined {
  try {
    return decodeText(path, readFileSync(absolute));
  } catch (error) {
    if (readError(error).code === 'ENOENT') return undefined;
    throw error instanceof HostError ? error : new HostError(path, describeSystemError(error));
  }
}

function kindOf(path: string, absolute: string): 'file' | 'folder' | 'missing' {
  return inWords(path, () => {
    const found = statIfThere(absolute);
    if (found === undefined) return 'missing';
    return found.isDirectory() ? 'folder' : 'file';
  });
}

function statIfThere(absolute: string): Stats | undefined {
  try {
    return statSync(absolute, { throwIfNoEntry: false });
  } catch (error) {
    // A path that goes on behind a file names nothing.
    if (readError(error).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Writes beside the target, flushes to the disk and renames: whoever reads the
 * path sees the old bytes or the new ones, also after a power cut. The whole
 * runs without yielding, so an interrupt never falls in between. A link stays a
 * link, a file keeps its mode, missing folders are made.
 */
function writeAtomically(path: string, absolute: string, text: string): void {
  const found = statIfThere(absolute);
  if (found?.isDirectory()) throw new HostError(path, reasons['EISDIR']!);
  const target = found === undefined ? absolute : realpathSync(absolute);
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w', found === undefined ? 0o666 : found.mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Walks a folder without following links to folders (they may lead back up) and
 * without entering hidden folders and `node_modules`, where nobody keeps specs.
 */
function listFiles(path: string, absolute: string, extension: string): readonly string[] {
  const found: string[] = [];
  const walk = (shown: string, real: string): void => {
    const entries = inWords(shown, () => readdirSync(real, { withFileTypes: true }));
    for (const entry of entries) {
      const below = shown === '.' ? entry.name : join(shown, entry.name);
      const hidden = entry.name.startsWith('.') || entry.name === 'node_modules';
      if (entry.isDirectory()) {
        if (!hidden) walk(below, join(real, entry.name));
      } else if (entry.name.endsWith(extension)) {
        found.push(below);
      }
    }
  };
  walk(path, absolute);
  return found.sort();
}
