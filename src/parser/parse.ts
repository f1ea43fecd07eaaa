import { Lexer, type IToken } from 'chevrotain';
import type { Result } from '../diagnostics/diagnostic.js';
import { Reporter } from '../diagnostics/report.js';
import type { SourceFile } from '../diagnostics/source.js';
import type { Comment, SpecFile } from './ast.js';
import { balanceBrackets } from './brackets.js';
import { buildSpecFile } from './build-ast.js';
import { UnetParser } from './cst-parser.js';
import {
  dropJoinedNames,
  renameReservedWords,
  reportUnclosedStrings,
  reportUnknownCharacters,
} from './lexical-errors.js';
import { exceedsNesting } from './nesting.js';
import { reportSyntaxError } from './syntax-errors.js';
import { allTokens } from './tokens.js';
import { markWords } from './words-in-place.js';

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
    file: {
      imports: [],
      sections: [],
      span: { file: source.path, start: 0, end: source.text.length },
    },
    comments: [],
    tokens: [],
  };
  const finish = (value: ParsedFile): Result<ParsedFile> => ({
    value,
    diagnostics: reporter.diagnostics.toSorted((a, b) => a.span.start - b.span.start),
  });
  if (source.text.includes('\0')) {
    reporter.report('not-text', {}, { at: { file: source.path, start: 0, end: 0 } });
    return finish(empty);
  }

  lexer ??= new Lexer([...allTokens], { skipValidations: true });
  const lexed = lexer.tokenize(source.text);
  reportUnknownCharacters(reporter, source, lexed.errors);
  const comments = (lexed.groups['comments'] ?? []).map((token) => toComment(source, token));
  if (lexed.tokens.length > tokenLimit) {
    const at = lexed.tokens[tokenLimit]!;
    reporter.report(
      'too-many-tokens',
      { limit: tokenLimit },
      {
        at: { file: source.path, start: at.startOffset, end: at.startOffset + at.image.length },
        help: ['Put what repeats into blocks.'],
      },
    );
    return finish({ ...empty, comments });
  }
  reportUnclosedStrings(reporter, source, lexed.tokens);
  if (exceedsNesting(lexed.tokens, source, reporter)) return finish({ ...empty, comments });

  const separate = dropJoinedNames(reporter, source, lexed.tokens);
  const named = markWords(renameReservedWords(reporter, source, separate));
  const tokens = balanceBrackets(named, source, reporter);
  parser ??= new UnetParser({ skipValidations: true });
  parser.input = tokens as IToken[];
  const tree = parser.fileRule();
  reportSyntaxErrors(reporter, source, parser, tokens);
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
function reportSyntaxErrors(
  reporter: Reporter,
  source: SourceFile,
  from: UnetParser,
  tokens: readonly IToken[],
): void {
  if (from.errors.length === 0) return;
  const indices = new Map(tokens.map((token, index) => [token, index]));
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
    const index = indices.get(error.token) ?? tokens.length;
    reportSyntaxError(reporter, source, error, tokens, index);
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
