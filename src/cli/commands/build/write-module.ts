import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import type { KnownFiles } from '../../../host.js';
import type { CommandContext } from '../../context.js';
import { kindOfOutput, readOutput, writeOutput } from '../../output-files.js';
import { displayedPath, wholeFile } from '../../report.js';

/**
 * Writes a module if its bytes changed, and says which it was. A file that we did
 * not make is left alone: somebody wrote it. `firstWords` are how ours start.
 */
export function writeModule(
  path: string,
  text: string,
  firstWords: string,
  inputs: KnownFiles,
  context: CommandContext,
): readonly Diagnostic[] {
  const shown = displayedPath(path, context.folder);
  const isThere = kindOfOutput(path, context) === 'file';
  const present = readOutput(path, context);
  if (present === text) {
    context.stderr.line(`unchanged ${shown}`);
    return [];
  }
  const isOurs = present !== undefined && (present.trim() === '' || present.startsWith(firstWords));
  if (isThere && !isOurs) {
    const reason = 'it is there already and was not made by unetc';
    const help = ['Choose another place with "--out", or delete the file.'];
    return [createDiagnostic('file-unwritable', { path, reason }, { at: wholeFile(path), help })];
  }
  const failed = writeOutput(path, text, context, inputs);
  if (failed.length === 0) context.stderr.line(`wrote ${shown}`);
  return failed;
}

/** Compares a module with the file that should hold it; false, with the call that makes it, when they differ. */
export function checkModule(
  path: string,
  text: string,
  call: string,
  context: CommandContext,
): boolean {
  const present = readOutput(path, context);
  if (present === text) return true;
  const state = present === undefined ? 'missing' : 'stale';
  context.stderr.line(`${state} ${displayedPath(path, context.folder)}: run "${call}".`);
  return false;
}
