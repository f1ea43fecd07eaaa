import { resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Reporter } from '../diagnostics/report.js';
import { SourceFile } from '../diagnostics/source.js';
import { closest } from '../diagnostics/suggest.js';
import { decodeText, explainMissing } from '../files/index.js';
import { HostError } from '../host.js';
import type { ArgumentDescription, OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { wholeFile } from './report.js';

/** How the names of specs end. */
export const specExtension = '.unet';

/** The argument of commands that take specs. */
export const pathArgument = {
  name: 'PATH',
  help: 'a spec, a folder of specs, or "-" for standard input',
  repeated: true,
} as const satisfies ArgumentDescription;

/** The option of commands that read standard input. */
export const stdinOption = {
  kind: 'text',
  value: 'PATH',
  help: 'what to call standard input in messages',
} as const satisfies OptionDescription;

/** The specs that some paths name, with what was wrong with the paths. */
export interface FoundSpecs {
  readonly sources: readonly SourceFile[];
  /** The one of the sources that came from standard input. */
  readonly stdin: SourceFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** How standard input is treated. */
export interface SpecOptions {
  /** What standard input is called in messages. */
  readonly stdinPath?: string;
}

/**
 * Reads the specs that paths name: files, folders with all below, and `-` for
 * standard input. A file named twice is read once. Missing, unreadable and empty
 * files and folders without specs are reported and left out.
 */
export async function readSpecs(
  paths: readonly string[],
  context: CommandContext,
  options: SpecOptions = {},
): Promise<FoundSpecs> {
  const reporter = new Reporter();
  const sources = new Map<string, SourceFile>();
  let stdin: SourceFile | undefined;
  for (const path of paths) {
    if (path === '-') {
      const name = options.stdinPath ?? '<stdin>';
      const bytes = await readStdin(name);
      if (bytes !== undefined) stdin ??= read(name, () => decodeText(name, bytes));
    } else {
      find(path);
    }
  }
  return { sources: [...sources.values()], stdin, diagnostics: reporter.diagnostics };

  async function readStdin(name: string): Promise<Uint8Array | undefined> {
    try {
      return await context.readStdin();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const parameters = { path: name, reason: error.message };
      reporter.report('file-unreadable', parameters, { at: wholeFile(name) });
      return undefined;
    }
  }

  function find(path: string): void {
    const at = wholeFile(path);
    switch (attempt(path, () => context.host.kindOf(path))) {
      case 'missing':
        reporter.report('file-missing', { path }, { at, help: suggestPath(path, context) });
        break;
      case 'folder': {
        const files = attempt(path, () => context.host.listFiles(path, specExtension));
        if (files?.length === 0) {
          reporter.report('folder-without-specs', { folder: path }, { at });
        }
        for (const file of files ?? []) read(file, () => context.host.readText(file));
        break;
      }
      case 'file':
      case 'other':
        read(path, () => context.host.readText(path));
        break;
      case undefined:
        break;
    }
  }

  function read(path: string, readText: () => string | undefined): SourceFile | undefined {
    const key = resolve(context.folder, path);
    if (sources.has(key)) return undefined;
    const at = wholeFile(path);
    const reported = reporter.diagnostics.length;
    const text = attempt(path, readText);
    if (text !== undefined && text.trim() === '') reporter.report('file-empty', { path }, { at });
    else if (text !== undefined) sources.set(key, new SourceFile(path, text));
    else if (reporter.diagnostics.length === reported) {
      reporter.report('file-missing', { path }, { at });
    }
    return sources.get(key);
  }

  function attempt<T>(path: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const parameters = { path, reason: error.message };
      reporter.report('file-unreadable', parameters, { at: wholeFile(path) });
      return undefined;
    }
  }
}

/** A help line with the path that was probably meant: a spec nearby, or the name without its ending. */
function suggestPath(path: string, context: CommandContext): readonly string[] {
  const known = explainMissing(resolve(context.folder, path));
  if (known.length > 0) return known;
  if (context.host.kindOf(path + specExtension) === 'file') {
    return [`Did you mean "${path}${specExtension}"?`];
  }
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '.' : path.slice(0, slash) || '/';
  const depth = path.split('/').length;
  const neighbours = specsIn(folder, context).filter((file) => file.split('/').length === depth);
  const meant = closest(path, neighbours);
  return meant === undefined ? [] : [`Did you mean "${meant}"?`];
}

/** The specs below a folder; none where it cannot be listed. */
function specsIn(folder: string, { host }: CommandContext): readonly string[] {
  try {
    return host.kindOf(folder) === 'folder' ? host.listFiles(folder, specExtension) : [];
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}
