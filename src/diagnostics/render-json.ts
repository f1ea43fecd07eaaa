import type { Diagnostic, Severity } from './diagnostic.js';
import { jsonText } from './json-text.js';
import { locate, type SourceLookup } from './locate.js';
import type { Span } from './source.js';

/** A place in a file: line and column counted from 1, offset from 0, all in UTF-16 units. */
export interface JsonPosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Half-open: `end` is the place behind the last character. */
export interface JsonRange {
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}

/** One diagnostic as `--json` prints it. Tools rely on this shape; fields are only ever added. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly range: JsonRange;
  readonly labels: readonly {
    readonly file: string;
    readonly range: JsonRange;
    readonly text: string;
  }[];
  readonly notes: readonly string[];
  readonly help: readonly string[];
  readonly fixes: readonly {
    readonly title: string;
    readonly edits: readonly {
      readonly file: string;
      readonly range: JsonRange;
      readonly text: string;
    }[];
  }[];
}

/** How diagnostics are shown as JSON. */
export interface JsonOptions {
  readonly lookup: SourceLookup;
  /** How a file is called in the output; as in its spans unless told. */
  readonly displayPath?: (file: string) => string;
}

/**
 * Diagnostics as plain data. A file that is not text has all positions at its start.
 *
 * @example
 * ```ts
 * import { compile, toJsonDiagnostics } from 'unetc';
 *
 * const { diagnostics, source } = compile({ text: 'model M { input image: [H, W, 1] }' });
 * const lookup = (path: string) => (path === source.path ? source : undefined);
 * const [first] = toJsonDiagnostics(diagnostics, { lookup });
 * console.log(first?.code, first?.severity);
 * ```
 *
 * ```text
 * UNET2008 error
 * ```
 */
export function toJsonDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: JsonOptions,
): readonly JsonDiagnostic[] {
  const { lookup, displayPath = (file: string) => file } = options;
  return diagnostics.map((diagnostic) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    ...place(diagnostic.span),
    labels: diagnostic.labels.map((label) => ({ ...place(label.span), text: label.text })),
    notes: diagnostic.notes,
    help: diagnostic.help,
    fixes: diagnostic.fixes.map((fix) => ({
      title: fix.title,
      edits: fix.edits.map((edit) => ({ ...place(edit.span), text: edit.text })),
    })),
  }));

  function place(span: Span): { readonly file: string; readonly range: JsonRange } {
    const file = displayPath(span.file);
    return { file, range: { start: at(span, span.start), end: at(span, span.end) } };
  }

  function at(span: Span, offset: number): JsonPosition {
    const source = lookup(span.file);
    if (source === undefined) return { line: 1, column: 1, offset: 0 };
    return { ...locate(source, offset), offset };
  }
}

/** The document that `--json` prints: an array, indented, with a line break at its end. */
export function renderJson(diagnostics: readonly Diagnostic[], options: JsonOptions): string {
  return `${jsonText(toJsonDiagnostics(diagnostics, options))}\n`;
}
