import { Lexer, type ILexingError, type IToken } from 'chevrotain';
import type { Result } from '../diagnostics/diagnostic.js';
import { Reporter } from '../diagnostics/report.js';
import type { SourceFile } from '../diagnostics/source.js';
import type { Comment, SpecFile } from './ast.js';
import { balanceBrackets, exceedsNesting } from './brackets.js';
import { buildSpecFile } from './build-ast.js';
import { UnetParser } from './cst-parser.js';
import { reportSyntaxError } from './syntax-errors.js';
import { allTokens } from './tokens.js';

/** More tokens than any spec written by a person has. */
export const tokenLimit = 100_000;

/** One token as tools need it (formatter, colouring). */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ParsedFile {
  readonly file: SpecFile;
  readonly comments: readonly Comment[];
  readonly tokens: readonly Token[];
}

let lexer: Lexer | undefined;
let parser: UnetParser | undefined;

/**
 * Parses a text, whatever it holds: the tree has what could be understood, the
 * diagnostics say what could not. Nothing but this function knows chevrotain.
 */
export function parse(source: SourceFile): Result<ParsedFile> {
  const reporter = new Reporter();
  const empty: ParsedFile = {
    file: { sections: [], span: { file: source.path, start: 0, end: source.text.length } },
    comments: [],
    tokens: [],
  };
  const finish = (value: ParsedFile): Result<ParsedFile> => ({
    value,
    diagnostics: reporter.diagnostics,
  });
  if (source.text.includes('\0')) {
    reporter.report('not-text', {}, { at: { file: source.path, start: 0, end: 0 } });
    return finish(empty);
  }

  lexer ??= new Lexer([...allTokens], { skipValidations: true });
  const lexed = lexer.tokenize(source.text);
  for (const error of lexed.errors) reportLexingError(reporter, source, error);
  const comments = (lexed.groups['comments'] ?? []).map((token) => toComment(source, token));
  if (lexed.tokens.length > tokenLimit) {
    const at = lexed.tokens[tokenLimit]!;
    reporter.report(
      'too-many-tokens',
      { limit: tokenLimit },
      { at: { file: source.path, start: at.startOffset, end: at.startOffset + at.image.length } },
    );
    return finish({ ...empty, comments });
  }
  reportUnclosedStrings(reporter, source, lexed.tokens);
  reportJoinedNumbers(reporter, source, lexed.tokens);
  if (exceedsNesting(lexed.tokens, source, reporter)) return finish({ ...empty, comments });

  const tokens = balanceBrackets(lexed.tokens, source, reporter);
  parser ??= new UnetParser({ skipValidations: true });
  parser.input = tokens as IToken[];
  const tree = parser.fileRule();
  reportSyntaxErrors(reporter, source, parser);
  return finish({
    file: buildSpecFile(source, tree, comments),
    comments,
    tokens: lexed.tokens.map((token) => ({
      text: token.image,
      start: token.startOffset,
      end: token.startOffset + token.image.length,
    })),
  });
}

/** One message a line: what follows an error on its line is most often its echo. */
function reportSyntaxErrors(reporter: Reporter, source: SourceFile, from: UnetParser): void {
  const linesWithErrors = new Set(
    reporter.diagnostics.flatMap((diagnostic) => [
      source.position(diagnostic.span.start).line,
      ...diagnostic.labels.map((label) => source.position(label.span.start).line),
    ]),
  );
  for (const error of from.errors) {
    const offset = Number.isFinite(error.token.startOffset)
      ? error.token.startOffset
      : source.text.length;
    const { line } = source.position(offset);
    if (linesWithErrors.has(line)) continue;
    linesWithErrors.add(line);
    reportSyntaxError(reporter, source.path, error, source.text.trimEnd().length);
  }
}

function reportLexingError(reporter: Reporter, source: SourceFile, error: ILexingError): void {
  const text = source.text.slice(error.offset, error.offset + error.length);
  const at = { file: source.path, start: error.offset, end: error.offset + error.length };
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const shown = /\s|\p{C}/u.test(character)
    ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
    : `"${character}"`;
  reporter.report('unexpected-character', { character: shown }, { at });
}

function reportUnclosedStrings(
  reporter: Reporter,
  source: SourceFile,
  tokens: readonly IToken[],
): void {
  for (const token of tokens) {
    if (token.tokenType.name !== 'String' || /^"(?:[^"\\]|\\.)*"$/.test(token.image)) continue;
    const end = token.startOffset + token.image.length;
    reporter.report(
      'unclosed-string',
      {},
      {
        at: { file: source.path, start: token.startOffset, end },
        fixes: [
          {
            title: 'Close the string',
            edits: [{ span: { file: source.path, start: end, end }, text: '"' }],
          },
        ],
      },
    );
  }
}

/** `2x` lexes as a number and a name; nobody means that. */
function reportJoinedNumbers(
  reporter: Reporter,
  source: SourceFile,
  tokens: readonly IToken[],
): void {
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const end = token.startOffset + token.image.length;
    const joined =
      token.tokenType.name === 'Number' &&
      next?.startOffset === end &&
      /^[A-Za-z_]/.test(next.image);
    if (!joined) continue;
    reporter.report(
      'number-joined-to-name',
      { text: token.image + next.image },
      { at: { file: source.path, start: token.startOffset, end: end + next.image.length } },
    );
  }
}

function toComment(source: SourceFile, token: IToken): Comment {
  const isDoc = token.image.startsWith('///') && !token.image.startsWith('////');
  return {
    kind: isDoc ? 'doc' : 'line',
    text: token.image.trimEnd(),
    span: {
      file: source.path,
      start: token.startOffset,
      end: token.startOffset + token.image.trimEnd().length,
    },
  };
}
