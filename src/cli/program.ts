import { createProcessContext } from './process-context.js';
import { runCli } from './run.js';

/** Runs the program in this process, which ends with its exit code once all output is written. */
export async function runProgram(words: readonly string[]): Promise<void> {
  process.exitCode = await runCli(words, createProcessContext());
}
