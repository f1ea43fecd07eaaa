import type { ILexingError, IToken } from 'chevrotain';
import type { Reporter } from '../diagnostics/report.js';
import type { SourceFile, Span } from '../diagnostics/source.js';
import * as t from './tokens.js';

/** What to write instead of characters that other languages use. */
const hints: ReadonlyMap<string, string> = new Map([
  ['#', 'a comment starts with "//".'],
  ["'", 'a string stands between double quotes.'],
  [';', 'a line break ends a field.'],
  ['&', 'write "and".'],
  ['!', 'write "not".'],
]);

/** Reports characters that start no token, one message a line. */
export function reportUnknownCharacters(
  reporter: Reporter,
  source: SourceFile,
  errors: readonly ILexingError[],
): void {
  const lines = new Set<number>();
  for (const { offset, length } of errors) {
    const { line } = source.position(offset);
    if (lines.has(line)) continue;
    lines.add(line);
    const at = { file: source.path, start: offset, end: offset + length };
    const character = String.fromCodePoint(source.text.codePointAt(offset) ?? 0);
    const shown = /\s|\p{C}/u.test(character)
      ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
      : `"${character}"`;
    const hint = hints.get(character);
    reporter.report(
      'unexpected-character',
      { character: shown },
      { at, help: hint === undefined ? [] : [hint] },
    );
  }
}

/** Whether a token is a string that runs to the end of its line. */
export function isUnclosedString(token: IToken): boolean {
  return token.tokenType === t.StringToken && !/^"(?:[^"\\]|\\.)*"$/su.test(token.image);
}

/** Reports strings without an end. */
export function reportUnclosedStrings(
  reporter: Reporter,
  source: SourceFile,
  tokens: readonly IToken[],
): void {
  for (const token of tokens) {
    if (!isUnclosedString(token)) continue;
    const end = token.startOffset + likelyEnd(token.image);
    reporter.report(
      'unclosed-string',
      {},
      {
        at: spanOf(source, token),
        fixes: [
          {
            title: `Insert '"'`,
            edits: [{ span: { file: source.path, start: end, end }, text: '"' }],
          },
        ],
      },
    );
  }
}

/** In `conv("same) -> relu` the string was meant to end before the bracket that closes nothing in it. */
function likelyEnd(image: string): number {
  let depth = 0;
  for (let index = 0; index < image.length; index++) {
    if ('([{'.includes(image[index]!)) depth += 1;
    if (!')]}'.includes(image[index]!)) continue;
    if (depth === 0) return image.slice(0, index).replace(/[\s,]+$/, '').length;
    depth -= 1;
  }
  return depth === 0 && !/[([{]/.test(image) ? image.replace(/[\s,]+$/, '').length : image.length;
}

/** Reports `2x`, which lexes as a number and a name, and drops the name: nobody means two members. */
export function dropJoinedNames(
  reporter: Reporter,
  source: SourceFile,
  tokens: readonly IToken[],
): readonly IToken[] {
  const isJoined = (token: IToken, before: IToken | undefined): before is IToken =>
    before?.tokenType === t.NumberToken &&
    token.startOffset === before.startOffset + before.image.length &&
    /^[A-Za-z_]/.test(token.image);
  return tokens.filter((token, index) => {
    const before = tokens[index - 1];
    if (!isJoined(token, before)) return true;
    const at = { ...spanOf(source, token), start: before.startOffset };
    reporter.report('number-joined-to-name', { text: before.image + token.image }, { at });
    return false;
  });
}

/**
 * Reports words of the language that stand where only a name can, and makes
 * them names, so that what follows is understood.
 */
export function renameReservedWords(
  reporter: Reporter,
  source: SourceFile,
  tokens: readonly IToken[],
): readonly IToken[] {
  return tokens.map((token, index) => {
    if (!t.reservedWords.includes(token.image)) return token;
    const before = tokens[index - 1]?.tokenType;
    const after = tokens[index + 1]?.tokenType;
    const isName =
      before === t.Dot ||
      after === t.Colon ||
      after === t.Equals ||
      (after === t.LeftBrace && before === t.Identifier);
    if (!isName) return token;
    reporter.report('reserved-word', { word: token.image }, { at: spanOf(source, token) });
    return { ...token, tokenType: t.Identifier, tokenTypeIdx: t.Identifier.tokenTypeIdx! };
  });
}

/** What every object has from birth: tables of TensorFlow.js would find it there. */
const namesOfObjects = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Reports names that every object has, each once. */
export function reportNamesOfObjects(
  reporter: Reporter,
  source: SourceFile,
  tokens: readonly IToken[],
): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.tokenType !== t.Identifier || !namesOfObjects.has(token.image)) continue;
    if (seen.has(token.image)) continue;
    seen.add(token.image);
    const help = [`Choose another name, such as "${token.image.replaceAll('_', '')}_1".`];
    reporter.report('name-of-objects', { name: token.image }, { at: spanOf(source, token), help });
  }
}

function spanOf({ path }: SourceFile, token: IToken): Span {
  return { file: path, start: token.startOffset, end: token.startOffset + token.image.length };
}
