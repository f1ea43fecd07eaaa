import { createDiagnostic } from '../diagnostics/report.js';
import { createProcessContext } from './process-context.js';
import { nowhere, reportDiagnostics } from './report.js';
import { runCli } from './run.js';

/** Runs the program in this process, which ends with its exit code once all output is written. */
export async function runProgram(words: readonly string[]): Promise<void> {
  const folder = workingFolder();
  if (folder === undefined) {
    const message = createDiagnostic('working-folder-missing', {}, { at: nowhere });
    process.exitCode = reportDiagnostics([message], createProcessContext('/'));
    return;
  }
  process.exitCode = await runCli(words, createProcessContext(folder));
}

/** The folder that the program was started in; undefined when it was deleted since. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
