import { rmSync } from 'node:fs';

/** Files that go when the process ends before they are finished. */
const unfinished = new Set<string>();

/** What ends a process unless it listens. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Remembers a file that must not outlive the process: one that is still being
 * written, or that says that the process is at work. It is deleted when the process
 * ends by itself or by a signal; nothing helps against SIGKILL and power cuts.
 * Signals are listened to only while there are such files. Where somebody else
 * listens too, that listener decides what a signal does.
 */
export function removeAtEnd(path: string): void {
  if (unfinished.size === 0) {
    process.on('exit', removeAll);
    for (const signal of signals) process.on(signal, endBy);
  }
  unfinished.add(path);
}

/** The file is finished, or gone. Whether it was remembered. */
export function keepAtEnd(path: string): boolean {
  const wasRemembered = unfinished.delete(path);
  if (wasRemembered && unfinished.size === 0) {
    process.off('exit', removeAll);
    for (const signal of signals) process.off(signal, endBy);
  }
  return wasRemembered;
}

/** Deletes a file of ours. Never throws: a leftover is hidden and does no harm. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder may be gone, or no longer ours to change.
  }
}

function removeAll(): void {
  for (const path of [...unfinished]) {
    discard(path);
    keepAtEnd(path);
  }
}

/** Ends the process as the signal would have, if nobody else waits for it. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.kill(process.pid, signal);
}
