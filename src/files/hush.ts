import { closeSync, openSync } from 'node:fs';

/**
 * Runs `work` while the error output of the process leads nowhere, for native libraries that
 * print remarks when they are loaded. Where the output cannot be taken up again, as with a
 * socket, or on systems other than Linux, it is left alone, and the remarks are seen.
 */
export async function withErrorsHushed<T>(work: () => Promise<T>): Promise<T> {
  const kept = process.platform === 'linux' ? openIfPossible('/proc/self/fd/2') : undefined;
  if (kept === undefined) return work();
  closeSync(2);
  // The lowest free number is taken, which is 2 again.
  openSync('/dev/null', 'w');
  try {
    return await work();
  } finally {
    closeSync(2);
    openSync(`/proc/self/fd/${kept}`, 'a');
    closeSync(kept);
  }
}

function openIfPossible(path: string): number | undefined {
  try {
    return openSync(path, 'a');
  } catch {
    return undefined;
  }
}
