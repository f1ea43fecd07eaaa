import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import { HostError } from '../host.js';
import type { CommandContext } from './context.js';
import { wholeFile } from './report.js';

/**
 * Writes a file that a command made, whole or not at all. A failure is returned
 * instead of thrown, so that the other files of the call are still written.
 */
export function writeOutput(
  path: string,
  text: string,
  context: CommandContext,
): readonly Diagnostic[] {
  try {
    context.host.writeText(path, text);
    return [];
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const parameters = { path, reason: error.message };
    return [createDiagnostic('file-unwritable', parameters, { at: wholeFile(path) })];
  }
}
