import type { IToken, TokenType } from 'chevrotain';
import type { Reporter } from '../diagnostics/report.js';
import type { SourceFile, Span } from '../diagnostics/source.js';
import { isUnclosedString } from './lexical-errors.js';
import { closerTypes, isCloser } from './nesting.js';
import * as t from './tokens.js';

/** How often a missing opener is looked for: each time takes the whole file. */
const searchLimit = 64;

interface Opener {
  readonly token: IToken;
  readonly index: number;
}

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
  let searches = 0;

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
    if (closer.tokenType === t.RightBrace && isFirstOnLine(closer) && insertOpener(closer)) {
      return true;
    }
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
    const isInString = isUnclosedString(last) && last.startLine === open.token.startLine;
    if (!isInString) reportUnclosed(open, image, end);
    // A token without an image of its own: no text lies under it.
    result.push({
      ...last,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx!,
      image: '',
      startOffset: end,
    });
  }

  /**
   * For a brace at the start of a line without an opener of its indentation: when
   * the last line indented as far is a header without a brace, opens it there.
   */
  function insertOpener(closer: IToken): boolean {
    searches += 1;
    const column = closer.startColumn ?? 1;
    if (searches > searchLimit || stack.some((open) => indentOf(open.token) === column))
      return false;
    const inside = result.findLastIndex((token) => indentOf(token) <= column) + 1;
    const [header, first] = [result[inside - 1], result[inside]];
    if (header === undefined || first === undefined || indentOf(header) !== column) return false;
    if (header.tokenType === t.RightBrace || header.tokenType === t.LeftBrace) return false;
    const end = header.startOffset + header.image.length;
    reporter.report(
      'unexpected-token',
      { expected: '"{"', after: `"${header.image}"`, found: `"${first.image}"` },
      {
        at: { file: source.path, start: end, end },
        fixes: [
          {
            title: 'Insert "{"',
            edits: [{ span: { file: source.path, start: end, end }, text: ' {' }],
          },
        ],
      },
    );
    const opener = {
      ...header,
      tokenType: t.LeftBrace,
      tokenTypeIdx: t.LeftBrace.tokenTypeIdx!,
      image: '',
      startOffset: end,
    };
    result.splice(inside, 0, opener);
    stack.push({ token: opener, index: inside });
    return true;
  }

  function reportUnclosed(open: Opener, image: string, end: number): void {
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
    if (first?.tokenType === t.For || first?.tokenType === t.Import) return true;
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
