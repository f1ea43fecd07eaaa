import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import {
  FileError,
  isFile,
  keepAtEnd,
  kindOf,
  listFolder,
  parseJson,
  readBytesSync,
  removeEmptyFolder,
  removeAtEnd,
  removeFile,
  replaceFile,
} from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { hasShape, object, text, whole, type Shape } from './shape.js';
import { notWritten } from './stored-file.js';

/** Who trains in a run folder: enough to tell whether that process still lives. */
interface LockHolder {
  readonly pid: number;
  /** When the process started, in the system's own count; empty where the system does not tell. */
  readonly started: string;
  readonly host: string;
  /** The installation of the system, its start, and the start of the first process of the container; empty where unknown. */
  readonly machine: string;
  readonly boot: string;
  readonly namespace: string;
  /** When the lock was taken, for people. */
  readonly since: string;
}

const shape: Shape<LockHolder> = object<LockHolder>({
  pid: whole(1),
  started: text,
  host: text,
  machine: text,
  boot: text,
  namespace: text,
  since: text,
});

const lockName = /^training-\d+-[0-9a-f]+\.lock$/;

/** Whether a file of a run folder is the lock of a process. */
export function isLockFile(name: string): boolean {
  return lockName.test(name);
}

/** A run folder that this process alone trains in. */
export class RunLock {
  readonly #file: string;
  /** Folders that were made for it, the innermost first. */
  readonly #made: readonly string[];

  constructor(file: string, made: readonly string[]) {
    this.#file = file;
    this.#made = made;
  }

  /** Whether the folder is still there, with the lock in it. */
  isHeld(): boolean {
    return isFile(this.#file);
  }

  /** Gives the folder free; folders that were made for it and hold nothing go again. */
  release(): void {
    keepAtEnd(this.#file);
    try {
      removeFile(this.#file);
      this.#made.forEach(removeEmptyFolder);
    } catch (error) {
      // A folder that holds something stays, and a lock on a disk that is gone is none.
      if (!(error instanceof FileError)) throw error;
    }
  }
}

/** The message for a run folder that is not held any more, found after a step. */
export function describeGone(folder: string, step: number): Diagnostic {
  const help = ['Move it back and go on with "--resume", or start a new run.'];
  return createDiagnostic('run-folder-gone', { folder, step }, { at: atFile(folder), help });
}

/** How often a start is tried anew when two processes met, each seeing the other's lock. */
const tries = 4;

/**
 * Makes a run folder the business of this process alone, or tells whose it is.
 *
 * Each process writes a lock file under a name of its own, whole in one rename,
 * and looks at the others' afterwards. Of two that start together, at least the
 * later one sees both files, so never do both go on; one that sees another takes
 * its file away and gives up, after a few tries at random times. Nobody writes
 * or deletes the file of a living process. The file of a dead one is deleted by
 * whoever finds it: its process id is unknown, belongs to a process that started
 * at another time, or the machine was started anew since. Of a process on
 * another machine nothing can be known: it counts as alive.
 */
export async function lockRun(
  folder: string,
): Promise<{ readonly lock: RunLock } | { readonly diagnostic: Diagnostic }> {
  const made: string[] = [];
  const file = join(folder, `training-${process.pid}-${randomBytes(4).toString('hex')}.lock`);
  try {
    for (let at = folder; kindOf(at) === 'missing' && dirname(at) !== at; at = dirname(at)) {
      made.push(at);
    }
    const self = describeSelf();
    for (let left = tries; ; left--) {
      await replaceFile(file, Buffer.from(`${JSON.stringify(self)}\n`));
      const other = findOther(folder, file, self);
      if (other === undefined) {
        removeAtEnd(file);
        return { lock: new RunLock(file, made) };
      }
      removeFile(file);
      if (left === 1) return { diagnostic: describeHolder(folder, other, self) };
      await setTimeout(20 + 100 * Math.random());
    }
  } catch (error) {
    new RunLock(file, made).release();
    return { diagnostic: notWritten(folder, error) };
  }
}

interface OtherLock {
  readonly file: string;
  /** Undefined where the lock says nothing that can be understood. */
  readonly holder: LockHolder | undefined;
}

/** A lock of another living process; those of dead ones are deleted. */
function findOther(folder: string, own: string, self: LockHolder): OtherLock | undefined {
  for (const name of listFolder(folder)) {
    const file = join(folder, name);
    if (!isLockFile(name) || file === own) continue;
    const content = readIfThere(file);
    if (content === undefined && !isFile(file)) continue;
    const holder = parseHolder(content ?? '');
    if (holder === undefined || mayLive(holder, self)) return { file, holder };
    removeFile(file);
  }
  return undefined;
}

function parseHolder(content: string): LockHolder | undefined {
  const checked = hasShape(parseJson(content), shape);
  return 'problem' in checked ? undefined : checked.value;
}

function mayLive(holder: LockHolder, self: LockHolder): boolean {
  if (holder.host !== self.host || holder.machine !== self.machine) return true;
  if (holder.boot !== self.boot) return false;
  if (holder.namespace !== self.namespace) return true;
  const started = startOf(holder.pid);
  if (started !== undefined) return started === holder.started;
  return self.started === '' && answersSignals(holder.pid);
}

/** Whether there is a process of that id, where the system tells no more. */
function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function describeSelf(): LockHolder {
  const read = (path: string): string => readIfThere(path)?.trim() ?? '';
  return {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    host: hostname(),
    machine: read('/etc/machine-id'),
    boot: read('/proc/sys/kernel/random/boot_id'),
    namespace: startOf(1) ?? '',
    since: new Date().toISOString(),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readBytesSync(path, 'text').toString('utf8');
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/**
 * When a process started, in clock ticks since the system did (field 22 of
 * `/proc/PID/stat`, proc(5)); undefined for one that is not there or has ended
 * and only waits to be noticed (states Z and X), and on systems without `/proc`.
 */
function startOf(pid: number): string | undefined {
  const line = readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, which may hold spaces and brackets.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  const state = fields?.[0];
  return state === undefined || state === 'Z' || state === 'X' ? undefined : fields?.[19];
}

function describeHolder(folder: string, { file, holder }: OtherLock, self: LockHolder): Diagnostic {
  const who =
    holder === undefined
      ? 'a process that cannot be told'
      : `process ${holder.pid} on "${holder.host}" since ${holder.since}`;
  const isHere = holder?.host === self.host && holder.namespace === self.namespace;
  const help = [
    isHere
      ? 'Wait until it ends, stop it, or choose another folder with "--out".'
      : `Choose another folder with "--out"; if that process is no more, delete "${file}".`,
  ];
  return createDiagnostic('run-in-use', { folder, who }, { at: atFile(folder), help });
}
