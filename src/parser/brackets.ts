import type { IToken, TokenType } from 'chevrotain';
import type { Reporter } from '../diagnostics/report.js';
import type { SourceFile, Span } from '../diagnostics/source.js';
import * as t from './tokens.js';

/** Deeper nesting than any network needs; a limit keeps recursive stages safe. */
export const nestingLimit = 64;

interface Opener {
  readonly token: IToken;
  readonly index: number;
}

const closerTypes = new Map<TokenType, TokenType>([
  [t.LeftBrace, t.RightBrace],
  [t.LeftBracket, t.RightBracket],
  [t.LeftParenthesis, t.RightParenthesis],
]);
const isCloser = (token: IToken): boolean => [...closerTypes.values()].includes(token.tokenType);

/**
 * Makes brackets balance before parsing. A file that balances comes back as it
 * is. In one that does not, indentation tells which bracket was forgotten: an
 * opener whose line is indented as deep as, or deeper than, a later line that
 * starts something new was meant to end before it. One message a missing
 * bracket, placed at the opener, and the parser meets a whole file.
 */
export function balanceBrackets(
  tokens: readonly IToken[],
  source: SourceFile,
  reporter: Reporter,
): readonly IToken[] {
  if (isBalanced(tokens)) return tokens;
  const result: IToken[] = [];
  const stack: Opener[] = [];
  let previousLine = 0;

  for (const [index, token] of tokens.entries()) {
    const startsLine = (token.startLine ?? 0) > previousLine;
    previousLine = token.startLine ?? previousLine;
    if (startsLine && !isCloser(token)) closeAbandoned(token, index);
    if (closerTypes.has(token.tokenType)) {
      stack.push({ token, index });
    } else if (isCloser(token)) {
      if (!closeUpTo(token)) {
        reporter.report('unopened-bracket', { closer: token.image }, { at: spanOf(token) });
        continue;
      }
      stack.pop();
    }
    result.push(token);
  }
  while (stack.length > 0) insertCloser();
  return result;

  /** Before a token that starts a line: closes brackets whose line is indented at least as deep. */
  function closeAbandoned(token: IToken, index: number): void {
    if (!startsMember(index)) return;
    for (;;) {
      const open = stack.at(-1);
      if (open === undefined || indentOf(open.token) < (token.startColumn ?? 1)) return;
      insertCloser();
    }
  }

  /** Closes what stands above the matching opener; false when there is none. */
  function closeUpTo(closer: IToken): boolean {
    const matches = (open: Opener): boolean =>
      closerTypes.get(open.token.tokenType) === closer.tokenType;
    if (!stack.some(matches)) return false;
    // A brace at the start of a line closes the opener of its own indentation.
    if (closer.tokenType === t.RightBrace && isFirstOnLine(closer)) {
      const own = stack.findLast(
        (open) => matches(open) && indentOf(open.token) <= (closer.startColumn ?? 1),
      );
      if (own === undefined) return false;
      while (stack.at(-1) !== own) insertCloser();
      return true;
    }
    while (!matches(stack.at(-1)!)) insertCloser();
    return true;
  }

  function insertCloser(): void {
    const open = stack.pop()!;
    const type = closerTypes.get(open.token.tokenType)!;
    const image = String(type.PATTERN);
    const last = result.at(-1) ?? open.token;
    const end = last.startOffset + last.image.length;
    reporter.report(
      'unclosed-bracket',
      { closer: image, opener: open.token.image, owner: ownerOf(open) },
      {
        at: spanOf(open.token),
        labels: [
          { span: { file: source.path, start: end, end }, text: `"${image}" is expected here` },
        ],
        fixes: [
          {
            title: `Insert "${image}"`,
            edits: [
              {
                span: { file: source.path, start: end, end },
                text: image === '}' ? `\n${' '.repeat(indentOf(open.token) - 1)}}` : image,
              },
            ],
          },
        ],
      },
    );
    // A token without an image of its own: no text lies under it.
    result.push({
      ...last,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx!,
      image: '',
      startOffset: end,
    });
  }

  /** The words before an opener, as the reader knows it: `encoder plain`, `conv`, `input image`. */
  function ownerOf(open: Opener): string {
    const words: string[] = [];
    let at = open.index - 1;
    const before = tokens[at]?.tokenType;
    if (before === t.Colon || before === t.Equals) at -= 1;
    for (; at >= 0 && words.length < 2; at--) {
      const token = tokens[at];
      if (token === undefined || token.startLine !== open.token.startLine) break;
      if (token.tokenType !== t.Identifier && token.tokenType !== t.NumberToken) break;
      words.unshift(token.image);
    }
    const { line } = source.position(open.token.startOffset);
    return words.length > 0 ? `"${words.join(' ')}" on line ${line}` : `line ${line}`;
  }

  function startsMember(index: number): boolean {
    const [first, second] = [tokens[index], tokens[index + 1]];
    if (first?.tokenType !== t.Identifier || second === undefined) return false;
    return [t.Colon, t.Equals, t.LeftBrace, t.Identifier, t.NumberToken].includes(second.tokenType);
  }

  function isFirstOnLine(token: IToken): boolean {
    return indentOf(token) === token.startColumn;
  }

  /** The column (from 1) of the first character on the token's line. */
  function indentOf(token: IToken): number {
    const text = source.lineText(token.startLine ?? 1);
    return text.length - text.trimStart().length + 1;
  }

  function spanOf(token: IToken): Span {
    return {
      file: source.path,
      start: token.startOffset,
      end: token.startOffset + token.image.length,
    };
  }
}

function isBalanced(tokens: readonly IToken[]): boolean {
  const expected: TokenType[] = [];
  for (const token of tokens) {
    const closer = closerTypes.get(token.tokenType);
    if (closer !== undefined) expected.push(closer);
    else if (isCloser(token) && expected.pop() !== token.tokenType) return false;
  }
  return expected.length === 0;
}

/** Reports the first place where brackets, or `else` chains, go deeper than the limit; true when one does. */
export function exceedsNesting(
  tokens: readonly IToken[],
  source: SourceFile,
  reporter: Reporter,
): boolean {
  let depth = 0;
  let branches = 0;
  for (const token of tokens) {
    const at = {
      file: source.path,
      start: token.startOffset,
      end: token.startOffset + token.image.length,
    };
    if (closerTypes.has(token.tokenType)) depth += 1;
    else if (isCloser(token)) depth = Math.max(0, depth - 1);
    else if (token.tokenType === t.Else) branches += 1;
    else if (token.tokenType === t.Colon || token.tokenType === t.Equals) branches = 0;
    if (depth > nestingLimit) {
      reporter.report('nesting-too-deep', { limit: nestingLimit }, { at });
      return true;
    }
    if (branches > nestingLimit) {
      reporter.report('chain-too-long', { limit: nestingLimit }, { at });
      return true;
    }
  }
  return false;
}
