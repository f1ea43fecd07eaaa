import { firstWords } from '../../../codegen/typescript/emit.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import type { CommandContext } from '../../context.js';
import { writeOutput } from '../../output-files.js';
import { displayedPath, wholeFile } from '../../report.js';

/**
 * Writes a module if its bytes changed, and says which it was. A file that we did
 * not make is left alone: somebody wrote it.
 */
export function writeModule(
  path: string,
  text: string,
  context: CommandContext,
): readonly Diagnostic[] {
  const shown = displayedPath(path, context.folder);
  const isFile = context.host.kindOf(path) === 'file';
  const present = isFile ? context.host.readText(path) : undefined;
  if (present === text) {
    context.stderr.write(`unchanged ${shown}\n`);
    return [];
  }
  if (present !== undefined && present.trim() !== '' && !present.startsWith(firstWords)) {
    const reason = 'it is there already and was not made by unetc';
    const help = ['Choose another place with "--out", or delete the file.'];
    return [createDiagnostic('file-unwritable', { path, reason }, { at: wholeFile(path), help })];
  }
  const failed = writeOutput(path, text, context);
  if (failed.length === 0) context.stderr.write(`wrote ${shown}\n`);
  return failed;
}

/** Compares a module with the file that should hold it; false, with a line that says so, when they differ. */
export function checkModule(
  path: string,
  text: string,
  spec: string,
  context: CommandContext,
): boolean {
  const isFile = context.host.kindOf(path) === 'file';
  const present = isFile ? context.host.readText(path) : undefined;
  if (present === text) return true;
  const state = present === undefined ? 'missing' : 'stale';
  const shown = displayedPath(path, context.folder);
  const from = displayedPath(spec, context.folder);
  context.stderr.write(`${state} ${shown}: run "unetc build ${from}".\n`);
  return false;
}
