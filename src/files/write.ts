import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  writeFile,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { KnownFiles } from '../host.js';
import { FileError, inWords, inWordsLater } from './file-error.js';
import { makeFolder } from './folders.js';
import { requireFile } from './read.js';
import { discard, keepAtEnd, removeAtEnd } from './unfinished.js';

/** What else is asked of a file that is written. */
export interface WriteOptions {
  /** Files that must not be replaced: what the same command reads. */
  readonly inputs?: KnownFiles | undefined;
  /** The permissions of a new file; a file that is replaced keeps its own. */
  readonly mode?: number;
}

/** Whether a name is one of those that files have while they are being written. */
export function isTemporary(name: string): boolean {
  return /^\.unetc-[0-9a-f]{12}\.tmp$/.test(name);
}

/**
 * Writes a whole file or nothing: the bytes go to a temporary file in the same
 * folder, are forced to the disk, and take the name at last, so that whoever
 * reads the path sees the old bytes or the new ones, also after a power cut.
 * Missing folders are made. A link stays, and the file that it leads to is
 * replaced. Folders, pipes, devices, write-protected files, links that lead
 * nowhere and inputs of the command are refused. Throws `FileError`.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  const output = await openOutput(path, options);
  try {
    await output.write(bytes);
    await output.finish();
  } finally {
    output.abandon();
  }
}

/** As `replaceFile`, without yielding: no interrupt falls in between. */
export function replaceFileSync(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions = {},
): void {
  inWords(path, () => {
    const { target, temporary, mode } = planWriting(path, options);
    try {
      const file = openSync(temporary, 'wx', mode);
      try {
        writeFileSync(file, bytes);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, target);
    } catch (error) {
      discard(temporary);
      throw error;
    } finally {
      keepAtEnd(temporary);
    }
  });
}

/** A file that is written part by part. Until `finish`, the path holds what it held before. */
export interface FileOutput {
  /** Adds bytes at the end. Throws `FileError`. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** Forces everything to the disk and gives it its name. Throws `FileError`. */
  finish(): Promise<void>;
  /** Drops what was written, unless it is finished. Never throws. */
  abandon(): void;
}

/** As `replaceFile`, for outputs that come in parts. The caller finishes or abandons it. */
export async function openOutput(path: string, options: WriteOptions = {}): Promise<FileOutput> {
  return inWordsLater(path, async () => {
    const { target, temporary, mode } = planWriting(path, options);
    const file = openNew(temporary, mode);
    let isOpen = true;
    let underway: Promise<void> = Promise.resolve();
    const close = (): void => {
      if (isOpen) closeSync(file);
      isOpen = false;
    };
    return {
      // A descriptor is written from where it stands.
      write: (bytes) => inWordsLater(path, () => (underway = writeAll(file, bytes))),
      finish: () =>
        inWordsLater(path, async () => {
          await sync(file);
          close();
          await rename(temporary, target);
          keepAtEnd(temporary);
        }),
      abandon: () => {
        if (!keepAtEnd(temporary)) return;
        discard(temporary);
        // A descriptor that is closed under a write may be another file's by then.
        void underway.then(close, close);
      },
    };
  });
}

const writeAll = promisify<number, Uint8Array | string>(writeFile);
const sync = promisify(fsync);

/** Made without yielding: a process that ends meanwhile would not see a file that appears later. */
function openNew(temporary: string, mode: number): number {
  try {
    return openSync(temporary, 'wx', mode);
  } catch (error) {
    keepAtEnd(temporary);
    throw error;
  }
}

/** Adds to the end of a regular file, which is made if missing. Throws `FileError`. */
export function appendToFile(path: string, content: string | Uint8Array): void {
  inWords(path, () => {
    const before = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (before !== undefined) requireFile(path, before);
    const { O_APPEND, O_CREAT, O_NONBLOCK = 0, O_WRONLY } = constants;
    const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o666);
    try {
      requireFile(path, fstatSync(file, { bigint: true }));
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
  });
}

function planWriting(
  path: string,
  options: WriteOptions,
): { readonly target: string; readonly temporary: string; readonly mode: number } {
  const { target, mode } = findTarget(path, options);
  const folder = dirname(target);
  makeFolder(folder);
  // Short, so that a name as long as names may be can still be written.
  const temporary = join(folder, `.unetc-${randomBytes(6).toString('hex')}.tmp`);
  removeAtEnd(temporary);
  return { target, temporary, mode };
}

/** The file that would be replaced, or the name of a new one, without links. */
function findTarget(
  path: string,
  { inputs, mode = 0o666 }: WriteOptions,
): { readonly target: string; readonly mode: number } {
  if (/[/\\]$/.test(path)) throw new FileError(path, 'no-file', 'it names a folder');
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { target: path, mode };
  if (found.isSymbolicLink() && statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new FileError(path, 'no-file', 'it is a link that leads nowhere');
  }
  const target = realpathSync(path);
  const present = statSync(target, { bigint: true });
  requireFile(path, present);
  const input = inputs?.find(target);
  if (input !== undefined) {
    const also = input === path ? '' : `, named as "${input}"`;
    throw new FileError(path, 'input', `it is an input of this command${also}`);
  }
  accessSync(target, constants.W_OK);
  return { target, mode: Number(present.mode) & 0o7777 };
}
