import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { readingFlags, requireFile } from './read.js';

/** Bytes that are read at once. */
const readAtOnce = 2 ** 20;

/**
 * How a file agrees with bytes, in pieces that lie behind each other: it holds these alone, begins
 * with them, or neither, as one does that is missing or cannot be read. It may be larger than
 * what fits into memory, and than any one read may give.
 */
export function agreementOf(
  path: string,
  pieces: readonly Uint8Array[],
): 'whole' | 'beginning' | 'other' {
  try {
    requireFile(path, statSync(path, { bigint: true }));
    const file = openSync(path, readingFlags);
    try {
      return compareOpen(file, pieces);
    } finally {
      closeSync(file);
    }
  } catch {
    return 'other';
  }
}

function compareOpen(file: number, pieces: readonly Uint8Array[]): ReturnType<typeof agreementOf> {
  const buffer = Buffer.allocUnsafe(readAtOnce);
  let unread = buffer.subarray(0, 0);
  /** Whether there is more. */
  const refill = (): boolean => {
    if (unread.length === 0) unread = buffer.subarray(0, readSync(file, buffer));
    return unread.length > 0;
  };
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      if (!refill()) return 'other';
      const length = Math.min(unread.length, piece.length - from);
      if (unread.compare(piece, from, from + length, 0, length) !== 0) return 'other';
      unread = unread.subarray(length);
      from += length;
    }
  }
  return refill() ? 'beginning' : 'whole';
}
