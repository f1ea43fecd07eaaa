import type { CstNode, IToken } from 'chevrotain';
import type { SourceFile, Span } from '../diagnostics/source.js';
import type { Identifier, NumberLiteral, StringLiteral } from './ast.js';

/** The parts of the tree that are single tokens, and the places of tokens and nodes. */
export interface Leaves {
  string(token: IToken): StringLiteral;
  number(token: IToken): NumberLiteral;
  /** Empty, at its parent, where there is no token. */
  identifier(token: IToken | undefined, parent: CstNode): Identifier;
  tokenSpan(token: IToken): Span;
  /** From the first real token below a node to its last; empty when recovery made up the whole node. */
  spanOf(node: CstNode): Span;
}

/** Builds the leaves of one file. */
export function leavesOf({ path: file, text }: SourceFile): Leaves {
  return { string, number, identifier, tokenSpan, spanOf };

  function string(token: IToken): StringLiteral {
    const inner = token.image.replace(/^"/, '').replace(/"$/, '');
    const value = inner.replace(/\\([^\r\n])/g, '$1');
    return { kind: 'string', value, span: tokenSpan(token) };
  }

  function number(token: IToken): NumberLiteral {
    const value = Number(token.image.replaceAll('_', ''));
    return { kind: 'number', value, text: token.image, span: tokenSpan(token) };
  }

  function identifier(token: IToken | undefined, parent: CstNode): Identifier {
    if (token === undefined || token.image === '') return { text: '', span: spanOf(parent) };
    return { text: token.image, span: tokenSpan(token) };
  }

  function tokenSpan(token: IToken): Span {
    return { file, start: token.startOffset, end: token.startOffset + token.image.length };
  }

  function spanOf({ location }: CstNode): Span {
    const start = location?.startOffset ?? NaN;
    const end = (location?.endOffset ?? NaN) + 1;
    if (start < end) return { file, start, end };
    return { file, start: text.length, end: text.length };
  }
}
