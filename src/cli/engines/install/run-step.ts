import { spawn } from 'node:child_process';

/** A program that is run for a step of an installation. */
export interface StepCall {
  readonly program: string;
  readonly words: readonly string[];
  readonly folder: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs a program to its end: what it printed, or why it failed, without a final period. */
export function runStep({
  program,
  words,
  folder,
  variables,
}: StepCall): Promise<{ readonly text: string } | { readonly reason: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      cwd: folder,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a script on Windows.
      shell: process.platform === 'win32' && program === 'npm',
    });
    let text = '';
    let errors = '';
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      resolve({ reason: isMissing ? `there is no program "${program}"` : error.message });
    });
    child.on('close', (code, signal) => {
      if (code === 0) return resolve({ text });
      const how = signal === null ? `code ${code}` : `the signal ${signal}`;
      resolve({ reason: `${program} ended with ${how}${firstError(errors || text)}` });
    });
  });
}

/** The first line that says what is wrong, else the last of all. */
function firstError(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const line = lines.find((each) => /\berror\b[: ]/i.test(each)) ?? lines.at(-1);
  return line === undefined ? '' : `: ${line.replace(/\.$/, '')}`;
}
