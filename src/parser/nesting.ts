import type { IToken, TokenType } from 'chevrotain';
import type { Reporter } from '../diagnostics/report.js';
import type { SourceFile, Span } from '../diagnostics/source.js';
import * as t from './tokens.js';

/**
 * Deeper nesting than any network needs; a limit keeps recursive stages safe. After a mistake
 * the parser takes some thirty calls for each bracket: a fresh process has stack for 36.
 */
export const nestingLimit = 24;

/** `else` branches of one value, which are read in a row. */
const branchLimit = 64;

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

/** Operators that make trees deeper with each use: more in one value than any network needs. */
const operatorLimit = 256;

const operators = new Set<TokenType>([
  ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.And, t.Or, t.Dot],
]);

const endsValue = new Set<TokenType>([t.Colon, t.Equals, t.Comma]);

interface OpenBracket {
  readonly closer: TokenType | undefined;
  branches: number;
  operators: number;
}

/** Reports the first place where brackets, `else` chains or operators go deeper than the limit; true when one does. */
export function exceedsNesting(
  tokens: readonly IToken[],
  source: SourceFile,
  reporter: Reporter,
): boolean {
  /** The open brackets, and the file: what closes each, and what makes the value being read in it deep. */
  const open: OpenBracket[] = [{ closer: undefined, branches: 0, operators: 0 }];
  for (const token of tokens) {
    const closer = closerTypes.get(token.tokenType);
    if (closer !== undefined) {
      open.push({ closer, branches: 0, operators: 0 });
      if (open.length - 1 <= nestingLimit) continue;
      reporter.report(
        'nesting-too-deep',
        { limit: nestingLimit },
        { at: spanOf(token), help: ['Give the inner parts names: blocks, or lines of "wires".'] },
      );
      return true;
    }
    if (token.tokenType === t.Else) {
      open.at(-1)!.branches += 1;
      const branches = open.reduce((sum, bracket) => sum + bracket.branches, 0);
      if (branches <= branchLimit) continue;
      const help = ['Put the values into a list, or give the forms blocks of their own.'];
      reporter.report(
        'chain-too-long',
        { limit: branchLimit, what: '"else" branches' },
        { at: spanOf(token), help },
      );
      return true;
    }
    if (operators.has(token.tokenType)) {
      open.at(-1)!.operators += 1;
      const count = open.reduce((sum, bracket) => sum + bracket.operators, 0);
      if (count <= operatorLimit) continue;
      const help = ['Write the result, or give parts of it names as parameters.'];
      reporter.report(
        'chain-too-long',
        { limit: operatorLimit, what: 'operators' },
        { at: spanOf(token), help },
      );
      return true;
    }
    if (isCloser(token)) {
      const matching = open.findLastIndex((bracket) => bracket.closer === token.tokenType);
      if (matching > 0) open.length = matching;
    } else if (endsValue.has(token.tokenType)) {
      open.at(-1)!.branches = 0;
      open.at(-1)!.operators = 0;
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
