import { isAbsolute, relative, sep } from 'node:path';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { renderJson } from '../diagnostics/render-json.js';
import { renderText } from '../diagnostics/render-text.js';
import { nowhere, type SourceFile, type Span } from '../diagnostics/source.js';
import type { CommandContext, ExitCode } from './context.js';

export { nowhere };

/** The span of problems with a file as a whole. */
export function wholeFile(file: string): Span {
  return { file, start: 0, end: 0 };
}

/** How diagnostics are printed. */
export interface ReportOptions {
  /** One JSON document on stdout, also when there is nothing to report. */
  readonly json?: boolean;
  /** The files that diagnostics may point into. */
  readonly sources?: readonly SourceFile[];
}

/**
 * Prints diagnostics, as text on stderr or as JSON on stdout, and returns the
 * exit code that they call for: 1 when there is an error, otherwise 0.
 */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  context: CommandContext,
  options: ReportOptions = {},
): ExitCode {
  const sources = new Map(options.sources?.map((source) => [source.path, source]));
  const lookup = (file: string): SourceFile | undefined => sources.get(file);
  const displayPath = (file: string): string => displayedPath(file, context.folder);
  if (options.json === true) {
    context.stdout.rendered(renderJson(diagnostics, { lookup, displayPath }));
  } else {
    const { colour, width } = context.stderr;
    context.stderr.rendered(renderText(diagnostics, { lookup, displayPath, colour, width }));
  }
  return hasErrors(diagnostics) ? 1 : 0;
}

/** Prints what is wrong with the command line; the exit code is 2. */
export function reportUsage(
  diagnostics: readonly Diagnostic[],
  context: CommandContext,
  commandName?: string,
): 2 {
  const { colour, width } = context.stderr;
  context.stderr.rendered(
    renderText(diagnostics, { lookup: () => undefined, colour, width, summary: false }),
  );
  const help = commandName === undefined ? 'unetc --help' : `unetc ${commandName} --help`;
  context.stderr.write(`Run "${help}" for what is possible.\n`);
  return 2;
}

/** The path as people call it: relative to the working folder when it lies inside, with `/`. */
export function displayedPath(file: string, folder: string): string {
  if (!isAbsolute(file)) return file;
  const inside = relative(folder, file);
  const isInside = inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
  return isInside ? inside.split(sep).join('/') : file;
}
