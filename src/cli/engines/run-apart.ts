import { spawn } from 'node:child_process';

/** How a process ended. */
export interface EndedProcess {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a program of ours on some words in a process of its own, which ends with this one at
 * the latest: killed where this one exits, and told by the channel between both where this one is
 * killed (`endWithParent`).
 *
 * @param program the file that starts it
 */
export function runApart(program: string, words: readonly string[]): Promise<EndedProcess> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...words], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    let stdout = '';
    let stderr = '';
    child.stdout!.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
    child.stderr!.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    const finish = (ended: EndedProcess): void => {
      process.removeListener('exit', kill);
      resolve(ended);
    };
    child.on('error', ({ message }) =>
      finish({ stdout, stderr: message, code: null, signal: null }),
    );
    child.on('close', (code, signal) => finish({ stdout, stderr, code, signal }));
  });
}

/** Ends this process when the one that started it by `runApart` is gone; nobody would read its answer. */
export function endWithParent(): void {
  if (process.channel === undefined) return;
  process.on('disconnect', () => process.exit(1));
  // Work that is done ends this process, though the channel is open.
  process.channel.unref();
}
