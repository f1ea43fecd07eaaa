import type { Position, Range } from 'vscode-languageserver';
import type { SourceFile, Span } from '../diagnostics/source.js';

/** The protocol counts lines and UTF-16 columns from 0; we count from 1. */
export function positionAt(source: SourceFile, offset: number): Position {
  const { line, column } = source.position(offset);
  return { line: line - 1, character: column - 1 };
}

/** The offset of a position; one beyond its line, or beyond the text, is moved to the end of it. */
export function offsetAt(source: SourceFile, { line, character }: Position): number {
  if (line >= source.lineCount) return source.text.length;
  const start = source.lineStart(line + 1);
  return start + Math.min(Math.max(0, character), source.lineText(line + 1).length);
}

export function rangeOf(source: SourceFile, { start, end }: Pick<Span, 'start' | 'end'>): Range {
  return { start: positionAt(source, start), end: positionAt(source, end) };
}

/** Whether an offset lies in a span or at one of its ends: a cursor behind a name is on the name. */
export function touches({ start, end }: Pick<Span, 'start' | 'end'>, offset: number): boolean {
  return start <= offset && offset <= end;
}
