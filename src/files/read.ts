import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  read,
  readSync,
  statSync,
  type BigIntStats,
} from 'node:fs';
import { FileError, inWords, inWordsLater } from './file-error.js';
import { fileKinds, type FileKind } from './file-kinds.js';
import { requireInside } from './inside.js';

/** What else is asked of a file that is read. */
export interface ReadOptions {
  /** The folder that it must lie in, links followed: for paths that a file names, not a person. */
  readonly within?: string | undefined;
}

/**
 * The bytes of a regular file, after following links. Throws `FileError` for one
 * that is missing, larger than its kind may be, or no file: what could block, has
 * no end or acts when it is read is refused before it is read.
 */
export function readBytesSync(path: string, kind: FileKind, options: ReadOptions = {}): Buffer {
  return inWords(path, () => {
    for (let left = tries; ; left--) {
      try {
        return readOnceSync(path, kind, options);
      } catch (error) {
        if (left === 1 || !isReplaced(error)) throw error;
      }
    }
  });
}

/** What a regular file holds from a place on; nothing where it is missing or shorter. Throws `FileError`. */
export function readTailSync(path: string, from: number): Buffer {
  return inWords(path, () => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (found !== undefined) requireFile(path, found);
    const file = found && openIfThere(path);
    if (file === undefined) return Buffer.alloc(0);
    try {
      const opened = fstatSync(file, { bigint: true });
      requireFile(path, opened);
      const bytes = Buffer.alloc(Math.max(0, Number(opened.size) - from));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
    } finally {
      closeSync(file);
    }
  });
}

/** Opens a file; undefined where it went meanwhile. */
function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, readingFlags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** How often a file is opened that another one replaces meanwhile, as whoever writes whole files does. */
const tries = 16;

const isReplaced = (error: unknown): boolean =>
  error instanceof FileError && error.problem === 'replaced';

function readOnceSync(path: string, kind: FileKind, options: ReadOptions): Buffer {
  // Opening a device can act on it: look first. What is opened is looked at again.
  requireFile(path, statSync(path, { bigint: true }));
  const file = openSync(path, readingFlags);
  try {
    const found = fstatSync(file, { bigint: true });
    const reading = collect(path, found, kind, options);
    for (let step = reading.next(); ;) {
      if (step.done === true) return step.value;
      step = reading.next(readSync(file, step.value, 0, step.value.length, null));
    }
  } finally {
    closeSync(file);
  }
}

/** As `readBytesSync`, without stopping the program meanwhile. */
export function readBytes(
  path: string,
  kind: FileKind,
  options: ReadOptions = {},
): Promise<Buffer> {
  return inWordsLater(path, async () => {
    for (let left = tries; ; left--) {
      try {
        return await readOnce(path, kind, options);
      } catch (error) {
        if (left === 1 || !isReplaced(error)) throw error;
      }
    }
  });
}

async function readOnce(path: string, kind: FileKind, options: ReadOptions): Promise<Buffer> {
  requireFile(path, statSync(path, { bigint: true }));
  // Opened and compared with what lies at the path in one go: each wait is time to replace it.
  const file = openSync(path, readingFlags);
  try {
    const reading = collect(path, fstatSync(file, { bigint: true }), kind, options);
    for (let step = reading.next(); ;) {
      if (step.done === true) return step.value;
      step = reading.next(await readLater(file, step.value));
    }
  } finally {
    closeSync(file);
  }
}

/** Reads on in an open file, without stopping the program meanwhile; how many bytes came. */
const readLater = (file: number, place: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    read(file, place, 0, place.length, null, (error, came) => {
      if (error === null) resolve(came);
      else reject(error);
    });
  });

/**
 * Throws the `FileError` that reading a file would throw, as far as that is known before:
 * for files that a library opens by their path, in parts.
 */
export function requireReadable(path: string, kind: FileKind): void {
  inWords(path, () => {
    requireFile(path, statSync(path, { bigint: true }));
    const file = openSync(path, readingFlags);
    try {
      const found = fstatSync(file, { bigint: true });
      requireFile(path, found);
      requireSize(path, found.size, kind);
    } finally {
      closeSync(file);
    }
  });
}

/**
 * Decodes the bytes of a text. Throws `FileError` when they are not UTF-8; a
 * byte-order mark stays, since offsets count it.
 */
export function decodeText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FileError(path, 'system', 'it is not text in UTF-8');
  }
}

/** Throws unless a description is that of a regular file. */
export function requireFile(path: string, found: BigIntStats): void {
  if (found.isFile()) return;
  const reason = found.isDirectory()
    ? 'it is a folder'
    : found.isFIFO()
      ? 'it is a pipe; expected a file'
      : found.isSocket()
        ? 'it is a socket; expected a file'
        : 'it is a device; expected a file';
  throw new FileError(path, 'no-file', reason);
}

/** Throws when there are more bytes than a kind of file may have. */
export function requireSize(path: string, size: number | bigint, kind: FileKind): void {
  const { limit } = fileKinds[kind];
  if (size <= limit) return;
  throw new FileError(path, 'too-large', `it has ${size} bytes; expected at most ${limit}`);
}

/** Without waiting for a writer of a pipe, and without becoming a terminal's program. */
export const readingFlags =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** The most bytes asked for at once: the system takes no more than 2 GiB. */
const mostAtOnce = 2 ** 30;
/** What is asked for behind the size that was told: files grow, and those of /proc tell none. */
const probe = 2 ** 16;

/** Yields places to read to, is told how many bytes came, and returns them all. */
function* collect(
  path: string,
  found: BigIntStats,
  kind: FileKind,
  { within }: ReadOptions,
): Generator<Buffer, Buffer, number> {
  requireFile(path, found);
  if (within !== undefined) requireInside(within, path, found);
  requireSize(path, found.size, kind);
  let bytes = Buffer.allocUnsafeSlow(Number(found.size));
  let filled = 0;
  for (;;) {
    const isFull = filled === bytes.length;
    const place = isFull ? Buffer.allocUnsafe(probe) : bytes.subarray(filled, filled + mostAtOnce);
    const came = yield place;
    if (came === 0) return bytes.subarray(0, filled);
    filled += came;
    if (!isFull) continue;
    if (filled > fileKinds[kind].limit) {
      const reason = `it has more than ${fileKinds[kind].limit} bytes`;
      throw new FileError(path, 'too-large', reason);
    }
    bytes = Buffer.concat([bytes, place.subarray(0, came), Buffer.allocUnsafe(filled)], 2 * filled);
  }
}
