import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import { SourceFile } from '../diagnostics/source.js';
import { createResolver } from '../project/imports.js';
import type { WeightSource } from '../runtime/pretrained/weight-source.js';
import type { RunDescription } from '../runtime/runs/run-description.js';
import type { RunWishes } from '../runtime/training/run-spec.js';
import type { CommandContext } from './context.js';
import { wholeFile } from './report.js';
import { readSpecs } from './specs.js';

/** What a training is made of: a spec, or all that an earlier run says of itself. */
export interface RunOrigin {
  readonly file: SourceFile;
  /** What the earlier run had asked for; where its imports come from. */
  readonly wishes: RunWishes;
  /** The earlier run. */
  readonly before?: RunDescription | undefined;
  /** The weights that the earlier run started from. */
  readonly weights?: WeightSource | undefined;
}

/** The file that describes a run, and makes it again. */
const runFile = 'run.json';

/**
 * Reads the spec that a path names, or the `run.json` of a run: then the run is asked for again,
 * with nothing but that file and its data. Returns what is wrong with it otherwise.
 */
export async function readOrigin(
  path: string,
  context: CommandContext,
): Promise<RunOrigin | { readonly diagnostics: readonly Diagnostic[] }> {
  if (basename(path) === runFile) return readRun(path, context);
  const { sources, diagnostics } = await readSpecs([path], context);
  const [file] = sources;
  if (file === undefined || diagnostics.length > 0) return { diagnostics };
  return { file, wishes: { resolve: createResolver(file.path, context) } };
}

async function readRun(
  path: string,
  context: CommandContext,
): Promise<RunOrigin | { readonly diagnostics: readonly Diagnostic[] }> {
  const { readDescription } = await import('../runtime/runs/run-description.js');
  const folder = dirname(resolve(context.folder, path));
  const read = await readDescription(folder);
  const at = wholeFile(path);
  if (read.kind === 'missing') {
    return { diagnostics: [createDiagnostic('file-missing', { path }, { at })] };
  }
  const text = read.kind === 'read' ? read.description.text : undefined;
  if (read.kind === 'damaged' || text === undefined) {
    const reason =
      read.kind === 'damaged' ? read.problem : 'it is of an older version, which left the spec out';
    const help = [`Train the spec itself: "${join(dirname(path), 'spec.unet')}".`];
    const parameters = { file: path, reason };
    return { diagnostics: [createDiagnostic('run-file-unusable', parameters, { at, help })] };
  }
  const { description: before } = read;
  const { spec, imports = {}, model, set, settings, start } = before;
  const weights = start && { ...start, shown: start.path, at };
  const wishes = { imports, model, set, ...settings };
  return { file: new SourceFile(spec, text), wishes, before, weights };
}
