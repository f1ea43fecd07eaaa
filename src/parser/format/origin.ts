import type { SourceFile } from '../../diagnostics/source.js';
import type { Body, Comment, StringLiteral } from '../ast.js';
import type { ParsedFile } from '../parse.js';
import { commentText, hardLine, nothing, sequence, sequenceOf, type Document } from './document.js';

/**
 * What printers ask about the text a tree came from: its comments, which they
 * take in source order, and the few choices of layout a writer has.
 *
 * A comment stays between the tokens it was written between and keeps its kind
 * of place (own line, or end of a line). Both together make formatting stable:
 * a second run meets the comment where the first one left it.
 */
export interface Origin {
  /** The next comment when it lies before `limit` at the end of a line of code. */
  takeTrailing(limit: number): Document;
  /** All comments before `limit`, for a place inside an expression. */
  takeLeading(limit: number): Document;
  /**
   * All comments before `limit`, each on a line of its own and followed by a
   * line break, with blank lines as written: what stands before a member.
   */
  takeAbove(limit: number, isFirst: boolean): Document;
  /** All comments before `limit`, each after a line break: what stands below the last member. */
  takeBelow(limit: number, isFirst: boolean): Document;
  /** Says that everything up to `offset` is printed. */
  advance(offset: number): void;
  /** The offset of the first `)` from `offset` on. */
  closingParenthesisAfter(offset: number): number;
  stringText(literal: StringLiteral): string;
  wasOnOneLine(body: Body): boolean;
  /** Lines of documentation to print above a node, for trees whose comments are lost. */
  docText(doc: string | undefined): Document;
}

/** A string literal for a value; the value holds no line breaks, for the language cannot write them. */
function quoteString(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** The origin of trees that a compiler built: no comments, every body over lines. */
export const builtTree: Origin = {
  takeTrailing: () => nothing,
  takeLeading: () => nothing,
  takeAbove: () => nothing,
  takeBelow: () => nothing,
  advance: () => undefined,
  closingParenthesisAfter: (offset) => offset,
  stringText: (literal) => quoteString(literal.value),
  wasOnOneLine: () => false,
  docText: (doc) =>
    doc === undefined
      ? nothing
      : sequence(
          ...doc
            .split('\n')
            .flatMap((text) => [commentText(`/// ${text}`.trimEnd(), 'own-line'), hardLine]),
        ),
};

/** The origin of a parsed file. */
export class SourceOrigin implements Origin {
  readonly #source: SourceFile;
  readonly #comments: readonly Comment[];
  readonly #closers: readonly number[];
  #next = 0;
  #printedTo = 0;

  constructor(source: SourceFile, { comments, tokens }: ParsedFile) {
    this.#source = source;
    this.#comments = comments;
    this.#closers = tokens.filter(({ text }) => text === ')').map(({ start }) => start);
  }

  takeTrailing(limit: number): Document {
    const comment = this.#comments[this.#next];
    if (comment === undefined || comment.span.start >= limit || this.#isOnOwnLine(comment)) {
      return nothing;
    }
    this.#next += 1;
    this.advance(comment.span.end);
    return commentText(comment.text, 'end-of-line');
  }

  takeLeading(limit: number): Document {
    const taken = this.#takeBefore(limit);
    return sequence(
      ...taken.map((comment, index) =>
        commentText(
          comment.text,
          index === 0 && !this.#isOnOwnLine(comment) ? 'end-of-line' : 'own-line',
        ),
      ),
    );
  }

  takeAbove(limit: number, isFirst: boolean): Document {
    const parts: Document[] = [];
    for (const [index, comment] of this.#takeBefore(limit).entries()) {
      if (index > 0 || !isFirst) parts.push(this.#blankLineBefore(comment.span.start));
      parts.push(commentText(comment.text, 'own-line'), hardLine);
      this.advance(comment.span.end);
    }
    if (parts.length > 0 || !isFirst) parts.push(this.#blankLineBefore(limit));
    return sequenceOf(parts);
  }

  takeBelow(limit: number, isFirst: boolean): Document {
    const parts: Document[] = [];
    for (const [index, comment] of this.#takeBefore(limit).entries()) {
      parts.push(hardLine);
      if (index > 0 || !isFirst) parts.push(this.#blankLineBefore(comment.span.start));
      parts.push(commentText(comment.text, 'own-line'));
      this.advance(comment.span.end);
    }
    return sequenceOf(parts);
  }

  advance(offset: number): void {
    this.#printedTo = Math.max(this.#printedTo, offset);
  }

  closingParenthesisAfter(offset: number): number {
    let [low, high] = [0, this.#closers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#closers[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return this.#closers[low] ?? offset;
  }

  stringText({ span }: StringLiteral): string {
    return this.#source.text.slice(span.start, span.end);
  }

  wasOnOneLine({ span }: Body): boolean {
    return !/[\r\n]/.test(this.#source.text.slice(span.start, span.end));
  }

  docText(): Document {
    return nothing;
  }

  /** A blank line when the text has one between what was last printed and `offset`. */
  #blankLineBefore(offset: number): Document {
    const between = this.#source.text.slice(this.#printedTo, offset).split(/\r\n|\r|\n/);
    return between.slice(1, -1).some((text) => text.trim() === '') ? hardLine : nothing;
  }

  #takeBefore(limit: number): readonly Comment[] {
    const from = this.#next;
    while ((this.#comments[this.#next]?.span.start ?? limit) < limit) this.#next += 1;
    return this.#comments.slice(from, this.#next);
  }

  #isOnOwnLine({ span }: Comment): boolean {
    const { line } = this.#source.position(span.start);
    return this.#source.text.slice(this.#source.lineStart(line), span.start).trim() === '';
  }
}
