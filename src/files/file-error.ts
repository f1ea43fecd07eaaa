import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { HostError } from '../host.js';
import { linkTarget } from './links.js';

/** Why a file could not be opened or written, for callers that act on it. */
export type FileProblem =
  /** Nothing is there. */
  | 'missing'
  /** A folder, a pipe, a device or a socket. */
  | 'no-file'
  /** More bytes than such a file may have. */
  | 'too-large'
  /** It lies outside the folder that it must lie in. */
  | 'outside'
  /** Another file took its place while it was opened. */
  | 'replaced'
  /** An output that would replace an input of the same command. */
  | 'input'
  /** It is there already and must not be. */
  | 'exists'
  /** Whatever else the system said; `code` tells. */
  | 'system';

/** A file that could not be opened or written. The message is the reason, in words, without a final period. */
export class FileError extends HostError {
  constructor(
    path: string,
    readonly problem: FileProblem,
    reason: string,
    /** The system's code where it gave one (`ENOSPC`), otherwise the problem. */
    readonly code: string = problem,
  ) {
    super(path, reason);
    this.name = 'FileError';
  }
}

/** The reason of a failed file operation in words, for people who do not know error codes. */
export function describeSystemError(error: unknown): string {
  if (error instanceof FileError) return error.message;
  const { code, message } = readSystemError(error);
  if (Object.hasOwn(reasons, code)) return reasons[code]!;
  if (/allocation failed/i.test(message)) return reasons['ENOMEM']!;
  // `ECODE: the words, open '/the/path'`: the words alone.
  const [, words] = /^[A-Z][A-Z0-9_]+: (.*?)(?:, [a-z]+(?: '[^]*')?)?$/.exec(message) ?? [];
  return words ?? message;
}

/** The fields of an error: one from another realm is no `Error` of ours. */
export function readSystemError(error: unknown): {
  readonly code: string;
  readonly message: string;
} {
  const fields: { readonly code?: unknown; readonly message?: unknown } = Object(error);
  return { code: String(fields.code ?? ''), message: String(fields.message ?? error) };
}

/** Whatever a file operation threw, as a `FileError`. */
export function toFileError(path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const { code } = readSystemError(error);
  if (code === 'ENOENT' && path.includes('\ufffd')) {
    return new FileError(path, 'system', 'its name is not text in UTF-8; rename it', code);
  }
  if (code === 'ENOENT') {
    const target = linkTarget(path);
    const reason =
      target !== undefined
        ? `it is a link that leads nowhere: to "${target}"`
        : existsSync(dirname(path))
          ? 'it does not exist'
          : describeSystemError(error);
    return new FileError(path, 'missing', reason, code);
  }
  const problem = code === 'EEXIST' ? 'exists' : 'system';
  return new FileError(path, problem, describeSystemError(error), code);
}

/** Runs an operation on a path; what the system throws becomes a `FileError`. */
export function inWords<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toFileError(path, error);
  }
}

/** As `inWords`, for an operation that takes its time. */
export async function inWordsLater<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw toFileError(path, error);
  }
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
  ECONNREFUSED: 'nobody listens there',
  ENXIO: 'it is a pipe or a device; expected a file',
  ENODEV: 'it is a device; expected a file',
  EBADF: 'it is not open',
  EBUSY: 'another program is using it',
  ETXTBSY: 'it is a program that is running',
  EAGAIN: 'there is nothing to read in it now',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOMEM: 'the memory is used up',
  EIO: 'the disk reports an error',
  ENOTEMPTY: 'the folder is not empty',
  EXDEV: 'it lies on another disk',
  ERR_FS_FILE_TOO_LARGE: 'the file is larger than 2 GB',
  ERR_STRING_TOO_LONG: 'the file is larger than a text can be',
  ERR_INVALID_ARG_VALUE: 'its path holds a zero byte',
};
