import type { IToken, TokenType } from 'chevrotain';
import * as t from './tokens.js';

/**
 * Makes words of the names that stand in a word's place: `import` and `for` where
 * they begin a line, `from` and `in` in the header that follows, and `from`, `above`,
 * `to` and `below` between a type and a number. Everywhere else they stay names: the
 * tensor `in`, an option called `from`.
 */
export function markWords(tokens: readonly IToken[]): readonly IToken[] {
  const marked = [...tokens];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const bound = boundAt(tokens, index);
    if (bound !== undefined) marked[index] = retype(token, bound);
    else if (token.tokenType === t.LeftBrace) depth += 1;
    else if (token.tokenType === t.RightBrace) depth -= 1;
    else if (token.tokenType === t.Identifier && beginsMember(tokens, index)) {
      if (token.image === 'import' && depth === 0) mark(index, t.Import, 'from', t.From);
      else if (token.image === 'for' && depth > 0) mark(index, t.For, 'in', t.In);
    }
  }
  return marked;

  /** Marks a word and, behind the names that follow it, its second half. */
  function mark(at: number, type: TokenType, second: string, secondType: TokenType): void {
    const end = endOfNames(tokens, at + 1, second);
    if (end === undefined) return;
    marked[at] = retype(tokens[at]!, type);
    // `import a, from "b"`: a name is missing, not the word.
    const isLast = tokens[end]?.tokenType === t.StringToken && tokens[end - 1]?.image === second;
    const place = isLast ? end - 1 : end;
    const partner = tokens[place];
    if (partner?.image === second) marked[place] = retype(partner, secondType);
  }
}

const lowerBounds = new Map([
  ['from', t.From],
  ['above', t.Above],
]);
const upperBounds = new Map([
  ['to', t.To],
  ['below', t.Below],
]);

/** The word that limits a type at a token: behind the type or its lower bound, before a number, on one line. */
function boundAt(tokens: readonly IToken[], index: number): TokenType | undefined {
  const token = tokens[index]!;
  if (token.tokenType !== t.Identifier) return undefined;
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  const isBehindNumber = before?.tokenType === t.NumberToken;
  const word =
    upperBounds.get(token.image) ?? (isBehindNumber ? undefined : lowerBounds.get(token.image));
  const isBehindType = before?.tokenType === t.Identifier || isBehindNumber;
  const number = after?.tokenType === t.Minus ? tokens[index + 2] : after;
  const isHere =
    isBehindType &&
    number?.tokenType === t.NumberToken &&
    before.startLine === token.startLine &&
    number.startLine === token.startLine;
  return isHere ? word : undefined;
}

/** Whether a token is the first of its line, or of its body. */
function beginsMember(tokens: readonly IToken[], index: number): boolean {
  const [before, token] = [tokens[index - 1], tokens[index]!];
  return (
    before === undefined ||
    before.tokenType === t.LeftBrace ||
    before.tokenType === t.RightBrace ||
    (token.startLine ?? 0) > (before.endLine ?? before.startLine ?? 0)
  );
}

/**
 * The index behind `a, b` or `[a, b]`; undefined where no name follows on the line, or
 * what follows the names is on the next one: `for x` alone is a section of that name.
 */
function endOfNames(tokens: readonly IToken[], from: number, second: string): number | undefined {
  if (!isOnLineBefore(from)) return undefined;
  const isOpen = tokens[from]?.tokenType === t.LeftBracket;
  let at = isOpen ? from + 1 : from;
  if (tokens[at]?.tokenType !== t.Identifier) return undefined;
  at += 1;
  while (tokens[at]?.tokenType === t.Comma && tokens[at + 1]?.tokenType === t.Identifier) at += 2;
  if (isOpen && tokens[at]?.tokenType === t.RightBracket) at += 1;
  const follower = tokens[at]?.tokenType;
  // `for x { … }` and `import: 3` are sections and fields of those names.
  const isHeader = follower === t.Identifier || follower === t.StringToken || isOpen;
  const goesOn = isOnLineBefore(at) || tokens[at]?.image === second;
  return (isHeader && goesOn) || tokens[at] === undefined ? at : undefined;

  function isOnLineBefore(place: number): boolean {
    const [before, token] = [tokens[place - 1], tokens[place]];
    return token?.startLine === (before?.endLine ?? before?.startLine);
  }
}

function retype(token: IToken, type: TokenType): IToken {
  return { ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! };
}
