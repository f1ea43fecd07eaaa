import type { Diagnostic } from './diagnostic.js';
import { locate, narrowToLine, type SourceLookup } from './locate.js';
import { createPaint, type Paint } from './paint.js';
import { lineNumberWidth, renderFrame, type FrameStyle, type Mark } from './source-frame.js';
import type { Span } from './source.js';
import { makePrintable, printableLine } from './text-width.js';

/** How diagnostics are shown as text. Only `lookup` is needed. */
export interface TextOptions {
  readonly lookup: SourceLookup;
  /** Off unless asked for: whether there is a terminal is not known here. */
  readonly colour?: boolean;
  /** Columns of the terminal; 120 unless told. */
  readonly width?: number;
  /** How many diagnostics of one file are shown; 20 unless told. */
  readonly limit?: number;
  /** How a file is called in the output; as in its spans unless told. */
  readonly displayPath?: (file: string) => string;
  /** Whether the last line counts errors and warnings; it does unless told. */
  readonly summary?: boolean;
}

interface Style {
  readonly lookup: SourceLookup;
  readonly paint: Paint;
  readonly width: number;
  readonly displayPath: (file: string) => string;
}

/**
 * Renders diagnostics for people, file by file in the order given and by place
 * inside a file, with a summary line at the end; the empty text when there are
 * none. With and without colour the characters are the same:
 *
 *     specs/brain.unet:14:5 - error UNET4002: Skip joins "enc3" and "dec3", whose sizes differ.
 *       14 |     skip enc3
 *          |     ~~~~~~~~~
 *        6 |   level enc3 filters=256
 *          |         ^^^^ "enc3" leaves here as 63 x 63 x 256
 *       note: 63 is odd, so "down" on line 7 rounds 31.5 to 31.
 *       help: make the input height and width multiples of 8.
 *
 * Beyond `limit` in one file only a count is given; errors are kept before warnings.
 *
 * @example
 * ```ts
 * import { compile, renderText } from 'unetc';
 *
 * const { diagnostics, source } = compile({ text: 'model M { input image: [H, W, 1] }' });
 * const lookup = (path: string) => (path === source.path ? source : undefined);
 * console.log(renderText(diagnostics, { lookup }).split(';')[0]);
 * ```
 *
 * ```text
 * spec.unet:1:7 - error UNET2008: Model "M" has no "encoder" section
 * ```
 */
export function renderText(diagnostics: readonly Diagnostic[], options: TextOptions): string {
  if (diagnostics.length === 0) return '';
  const style: Style = {
    lookup: options.lookup,
    paint: createPaint(options.colour ?? false),
    width: options.width ?? 120,
    displayPath: options.displayPath ?? ((file) => file),
  };
  const limit = options.limit ?? 20;
  const blocks = groupByFile(diagnostics).flatMap(([file, all]) => {
    const shown = mostUrgent(all, limit);
    const hidden = all.length - shown.length;
    const rest = `${printablePath(file, style)} - and ${hidden} more`;
    return [
      ...shown.map((diagnostic) => renderDiagnostic(diagnostic, style)),
      ...(hidden > 0 ? [style.paint('quiet', rest)] : []),
    ];
  });
  const summary = options.summary === false ? [] : [renderSummary(diagnostics)];
  return `${[...blocks, ...summary].join('\n\n')}\n`;
}

/** `2 errors, 1 warning`; kinds of which there are none are left out. */
function renderSummary(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return parts.length === 0 ? 'no problems' : parts.join(', ');
}

function renderDiagnostic(diagnostic: Diagnostic, style: Style): string {
  const { paint } = style;
  const { severity } = diagnostic;
  const place = renderPlace(diagnostic.span, style);
  const message = indentRest(makePrintable(diagnostic.message), 2);
  const head = `${paint(severity, severity)} ${paint('quiet', `${diagnostic.code}:`)} ${message}`;
  return [
    place === '' ? head : `${place} - ${head}`,
    ...renderFrames(diagnostic, style),
    ...diagnostic.notes.map((note) => renderRemark('note', note, style)),
    ...diagnostic.help.map((help) => renderRemark('help', help, style)),
    ...diagnostic.fixes.map((fix) => renderRemark('fix', fix.title, style)),
  ].join('\n');
}

/** `file:line:column`, or the file alone when it is not text. */
function renderPlace(span: Span, style: Style): string {
  const path = style.paint('path', printablePath(span.file, style));
  const source = style.lookup(span.file);
  if (source === undefined) return path;
  const range = narrowToLine(source, span);
  const { line, column } = locate(source, source.lineStart(range.line) + range.start);
  return `${path}:${style.paint('position', String(line))}:${style.paint('position', String(column))}`;
}

function renderFrames(diagnostic: Diagnostic, style: Style): readonly string[] {
  const { span, severity } = diagnostic;
  const marks: readonly Mark[] = [
    { span, symbol: '~', tone: severity, text: '' },
    ...diagnostic.labels.map((label): Mark => ({ ...label, symbol: '^', tone: 'label' })),
  ];
  const files = [...new Set(marks.map((mark) => mark.span.file))];
  const numberWidth = Math.max(2, ...files.map((file) => widthIn(file)));
  const frameStyle: FrameStyle = { paint: style.paint, width: style.width, numberWidth };
  return files.flatMap((file) => {
    const inFile = marks.filter((mark) => mark.span.file === file);
    const source = style.lookup(file);
    const isMain = file === span.file;
    if (source === undefined) return inFile.filter((mark) => mark.text !== '').map(withoutSource);
    const place = `  in ${renderPlace(inFile[0]!.span, style)}`;
    return [...(isMain ? [] : [place]), ...renderFrame(source, inFile, frameStyle)];
  });

  function widthIn(file: string): number {
    const source = style.lookup(file);
    const inFile = marks.filter((mark) => mark.span.file === file);
    return source === undefined ? 0 : lineNumberWidth(source, inFile);
  }

  function withoutSource(mark: Mark): string {
    return `  in ${renderPlace(mark.span, style)}: ${style.paint(mark.tone, makePrintable(mark.text))}`;
  }
}

function renderRemark(kind: 'note' | 'help' | 'fix', text: string, style: Style): string {
  const tone = kind === 'note' ? 'note' : 'help';
  return `  ${style.paint(tone, `${kind}:`)} ${indentRest(makePrintable(text), 4 + kind.length)}`;
}

function indentRest(text: string, columns: number): string {
  return text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(columns)}`);
}

function printablePath(file: string, style: Style): string {
  return printableLine(style.displayPath(file));
}

function groupByFile(
  diagnostics: readonly Diagnostic[],
): readonly (readonly [string, readonly Diagnostic[]])[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const group = groups.get(diagnostic.span.file);
    if (group === undefined) groups.set(diagnostic.span.file, [diagnostic]);
    else group.push(diagnostic);
  }
  return [...groups].map(([file, group]) => [file, group.sort(byPlace)] as const);
}

function byPlace(first: Diagnostic, second: Diagnostic): number {
  return first.span.start - second.span.start || first.span.end - second.span.end;
}

/** At most `limit` diagnostics, errors kept before warnings, still in order of place. */
function mostUrgent(ordered: readonly Diagnostic[], limit: number): readonly Diagnostic[] {
  if (ordered.length <= limit) return ordered;
  const errors = ordered.filter((diagnostic) => diagnostic.severity === 'error');
  const warnings = ordered.filter((diagnostic) => diagnostic.severity === 'warning');
  const kept = new Set([...errors, ...warnings].slice(0, limit));
  return ordered.filter((diagnostic) => kept.has(diagnostic));
}
