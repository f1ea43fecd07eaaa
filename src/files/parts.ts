import { closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs';
import { FileError, inWords, inWordsLater } from './file-error.js';
import type { FileKind } from './file-kinds.js';
import { readingFlags, requireFile, requireSize } from './read.js';

/** A part of a file: `size` bytes from `offset` on. */
export interface FilePart {
  readonly file: string;
  readonly offset: number;
  readonly size: number;
}

/** A file that is open, for whoever looks for parts of it. */
export interface OpenFile {
  /** Its bytes when it was opened. */
  readonly size: number;
  /** What it holds from a place on: `size` bytes, or fewer where it ends before. */
  read(offset: number, size: number): Buffer;
}

/** Opens a regular file of any size while `use` reads parts of it. Throws `FileError`. */
export function withOpenFile<T>(path: string, use: (file: OpenFile) => T): T {
  return inWords(path, () => {
    const { file, size } = open(path);
    try {
      return use({
        size,
        read: (offset, length) => {
          const bytes = Buffer.allocUnsafe(length);
          return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
        },
      });
    } finally {
      closeSync(file);
    }
  });
}

/**
 * The bytes of a part of a regular file, which are read without the others. Throws `FileError`
 * where the part is larger than its kind may be, or the file ends before it does.
 */
export function readPart(part: FilePart, kind: FileKind): Promise<Buffer> {
  const { file: path, offset, size } = part;
  return inWordsLater(path, async () => {
    requireSize(path, size, kind);
    const { file } = open(path);
    try {
      const bytes = Buffer.allocUnsafeSlow(size);
      for (let filled = 0; filled < size;) {
        const came = await readLater(file, bytes.subarray(filled), offset + filled);
        if (came === 0) {
          const reason = `it ends at byte ${offset + filled}; expected ${offset + size} bytes`;
          throw new FileError(path, 'system', reason);
        }
        filled += came;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  });
}

/** Opening a device can act on it: what lies there is looked at first, and again when it is open. */
function open(path: string): { readonly file: number; readonly size: number } {
  requireFile(path, statSync(path, { bigint: true }));
  const file = openSync(path, readingFlags);
  try {
    const found = fstatSync(file, { bigint: true });
    requireFile(path, found);
    return { file, size: Number(found.size) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** The most bytes asked for at once: the system takes no more than 2 GiB. */
const mostAtOnce = 2 ** 30;

const readLater = (file: number, place: Buffer, from: number): Promise<number> =>
  new Promise((resolve, reject) => {
    read(file, place, 0, Math.min(place.length, mostAtOnce), from, (error, came) => {
      if (error === null) resolve(came);
      else reject(error);
    });
  });
