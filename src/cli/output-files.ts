import { resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import { InputFiles } from '../files/index.js';
import { HostError, type KnownFiles, type PathKind } from '../host.js';
import { libraryPrefix } from '../frontend/declarations/import-path.js';
import type { CommandContext } from './context.js';
import { wholeFile } from './report.js';

/** The files that a command reads, so that none of them is replaced by what it writes. */
export function inputFiles(paths: Iterable<string>, context: CommandContext): InputFiles {
  const files = new InputFiles();
  for (const path of paths) {
    if (!path.startsWith(libraryPrefix)) files.add(resolve(context.folder, path));
  }
  return files;
}

/** What is at the place of an output; what cannot be seen is told when it is written. */
export function kindOfOutput(path: string, { host }: CommandContext): PathKind {
  return unlessUnreadable(() => host.kindOf(path)) ?? 'other';
}

/** The text of an earlier output; undefined where there is none, or none that we made. */
export function readOutput(path: string, context: CommandContext): string | undefined {
  if (kindOfOutput(path, context) !== 'file') return undefined;
  return unlessUnreadable(() => context.host.readText(path));
}

function unlessUnreadable<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** Reports outputs that would replace an input. */
export function checkOutputs(outputs: Iterable<string>, inputs: KnownFiles): readonly Diagnostic[] {
  return [...outputs].flatMap((path) => {
    const input = inputs.find(path);
    if (input === undefined) return [];
    const also = input === path ? '' : `, named as "${input}"`;
    const parameters = { path, reason: `it is an input of this command${also}` };
    const help = ['Write to another place with "--out".'];
    return [createDiagnostic('file-unwritable', parameters, { at: wholeFile(path), help })];
  });
}

/**
 * Writes a file that a command made, whole or not at all, and none of `inputs`. A failure is returned
 * instead of thrown, so that the other files of the call are still written.
 */
export function writeOutput(
  path: string,
  text: string,
  context: CommandContext,
  inputs?: KnownFiles,
): readonly Diagnostic[] {
  try {
    context.host.writeText(path, text, inputs);
    return [];
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const parameters = { path, reason: error.message };
    return [createDiagnostic('file-unwritable', parameters, { at: wholeFile(path) })];
  }
}
