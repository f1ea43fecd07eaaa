/**
 * A half-open range of UTF-16 offsets in one file. Lines and columns are
 * computed at the edge only, by renderers and the language server.
 */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The span of what lies in no file: the command line itself, an engine that fails. */
export const nowhere: Span = { file: '', start: 0, end: 0 };

/** A line and a column, both counted from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One source text with its line table. */
export class SourceFile {
  readonly #lineStarts: readonly number[];

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    const starts = [0];
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
    }
    this.#lineStarts = starts;
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  /** The position of an offset; offsets outside the text are moved to its nearest end. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** The offset where a line (counted from 1) starts. */
  lineStart(line: number): number {
    return this.#lineStarts[line - 1] ?? this.text.length;
  }

  /** The text of a line (counted from 1) without its line break. */
  lineText(line: number): string {
    const start = this.lineStart(line);
    const end = this.#lineStarts[line] ?? this.text.length;
    return this.text.slice(start, end).replace(/[\r\n]+$/, '');
  }
}
