import type { IToken, TokenType } from 'chevrotain';
import type { Reporter } from '../diagnostics/report.js';
import type { SourceFile, Span } from '../diagnostics/source.js';
import * as t from './tokens.js';

/** Deeper nesting than any network needs; a limit keeps recursive stages safe. */
export const nestingLimit = 64;

/** The closing bracket of each opening one. */
export const closerTypes = new Map<TokenType, TokenType>([
  [t.LeftBrace, t.RightBrace],
  [t.LeftBracket, t.RightBracket],
  [t.LeftParenthesis, t.RightParenthesis],
]);

const closers = new Set(closerTypes.values());

export function isCloser(token: IToken): boolean {
  return closers.has(token.tokenType);
}

const endsValue = new Set<TokenType>([t.Colon, t.Equals, t.Comma]);

/** Reports the first place where brackets, or `else` chains, go deeper than the limit; true when one does. */
export function exceedsNesting(
  tokens: readonly IToken[],
  source: SourceFile,
  reporter: Reporter,
): boolean {
  /** The open brackets, and the file: what closes each, and the `else` of the value being read in it. */
  const open: { readonly closer: TokenType | undefined; branches: number }[] = [
    { closer: undefined, branches: 0 },
  ];
  for (const token of tokens) {
    const closer = closerTypes.get(token.tokenType);
    if (closer !== undefined) {
      open.push({ closer, branches: 0 });
      if (open.length - 1 <= nestingLimit) continue;
      reporter.report('nesting-too-deep', { limit: nestingLimit }, { at: spanOf(token) });
      return true;
    }
    if (token.tokenType === t.Else) {
      open.at(-1)!.branches += 1;
      const branches = open.reduce((sum, bracket) => sum + bracket.branches, 0);
      if (branches <= nestingLimit) continue;
      reporter.report('chain-too-long', { limit: nestingLimit }, { at: spanOf(token) });
      return true;
    }
    if (isCloser(token)) {
      const matching = open.findLastIndex((bracket) => bracket.closer === token.tokenType);
      if (matching > 0) open.length = matching;
    } else if (endsValue.has(token.tokenType)) {
      open.at(-1)!.branches = 0;
    }
  }
  return false;

  function spanOf(token: IToken): Span {
    return {
      file: source.path,
      start: token.startOffset,
      end: token.startOffset + token.image.length,
    };
  }
}
