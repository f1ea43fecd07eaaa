import type { Position, SourceFile, Span } from './source.js';

/** Where a diagnostic's file comes from; undefined for files that are no text or could not be read. */
export type SourceLookup = (file: string) => SourceFile | undefined;

const byteOrderMark = '\ufeff';

/**
 * The line and column of an offset as an editor shows them: a byte-order mark
 * at the start of the file takes no column.
 */
export function locate(source: SourceFile, offset: number): Position {
  const position = source.position(offset);
  const hidden =
    position.line === 1 && position.column > 1 && source.text.startsWith(byteOrderMark);
  return hidden ? { line: 1, column: position.column - 1 } : position;
}

/** The part of one line that a span is shown as. Offsets count from the line's start. */
export interface LineRange {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a span that is worth showing: of several lines the first, without
 * the blanks at its end. A span on the empty line after a file's last line
 * break is shown behind the last line that holds something, since that is where
 * the missing text belongs.
 */
export function narrowToLine(source: SourceFile, span: Span): LineRange {
  const first = source.position(span.start);
  let { line } = first;
  let start = first.column - 1;
  if (span.start >= source.text.length) {
    while (line > 1 && source.lineText(line).trim() === '') line--;
    if (line !== first.line) start = source.lineText(line).trimEnd().length;
  }
  const text = source.lineText(line);
  const last = source.position(span.end);
  const end = last.line === line ? last.column - 1 : text.trimEnd().length;
  return { line, start, end: Math.max(start, end) };
}
