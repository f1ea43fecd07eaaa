import { Lexer, type IRecognitionException, type IToken } from 'chevrotain';
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
  reportNamesOfObjects,
  reportUnclosedStrings,
  reportUnknownCharacters,
} from './lexical-errors.js';
import { exceedsNesting } from './nesting.js';
import { isLost, withoutBroken } from './recovery.js';
import { reportSyntaxError } from './syntax-errors.js';
import { beyondLimits, tokenLimit, type BeyondLimit } from './text-limits.js';
import { allTokens, Arrow, Bar, Equals } from './tokens.js';
import { markWords } from './words-in-place.js';

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

  const reportLimit = ({ limit, what, at }: BeyondLimit): void =>
    reporter.report(
      'too-many-tokens',
      { limit, what },
      {
        at: { file: source.path, start: at, end: at + 1 },
        help: ['Put what repeats into blocks.'],
      },
    );
  const beyond = beyondLimits(source.text);
  if (beyond !== undefined) {
    reportLimit(beyond);
    return finish(empty);
  }

  lexer ??= new Lexer([...allTokens], { skipValidations: true });
  const lexed = lexer.tokenize(source.text);
  reportUnknownCharacters(reporter, source, lexed.errors);
  const comments = (lexed.groups['comments'] ?? []).map((token) => toComment(source, token));
  if (lexed.tokens.length > tokenLimit) {
    const at = lexed.tokens[tokenLimit]!.startOffset;
    reportLimit({ limit: tokenLimit, what: 'tokens', at });
    return finish({ ...empty, comments });
  }
  reportUnclosedStrings(reporter, source, lexed.tokens);
  reportNamesOfObjects(reporter, source, lexed.tokens);
  if (exceedsNesting(lexed.tokens, source, reporter)) return finish({ ...empty, comments });

  const separate = dropJoinedNames(reporter, source, lexed.tokens);
  const named = markWords(renameReservedWords(reporter, source, separate));
  const balanced = balanceBrackets(named, source, reporter);
  return finish({
    file: parseTokens(balanced, source, comments, reporter),
    comments,
    tokens: lexed.tokens.map((token) => ({
      text: token.image,
      start: token.startOffset,
      end: token.startOffset + token.image.length,
    })),
  });
}

/** Errors after which a file is not worth more time. */
const roundLimit = 32;
const patience = 600;

/**
 * Where the parser can go on after an error, it does. Where it loses its way, the
 * first error is told, the part that holds it is taken out, and the rest is
 * parsed again: so later errors are errors of their own.
 */
function parseTokens(
  balanced: readonly IToken[],
  source: SourceFile,
  comments: readonly Comment[],
  reporter: Reporter,
): SpecFile {
  parser ??= new UnetParser({ skipValidations: true });
  parser.patience = patience;
  let tokens = balanced;
  for (let round = 1; ; round++) {
    parser.start(tokens, source);
    const file = buildSpecFile(source, parser.fileRule(), comments);
    const [first] = parser.errors;
    if (first === undefined) return file;
    const indices = new Map(tokens.map((token, index) => [token, index]));
    const isLast = round === roundLimit || parser.patience === 0 || !isLost(file, tokens);
    reportSyntaxErrors(reporter, source, isLast ? parser.errors : [first], tokens, indices);
    if (isLast) return file;
    tokens = withoutBroken(tokens, indices.get(first.token) ?? tokens.length);
  }
}

/** Below a line with an error these go on with what was broken there. */
const continuations = [Arrow, Bar, Equals];

/** One message a line: what follows an error on its line is most often its echo. */
function reportSyntaxErrors(
  reporter: Reporter,
  source: SourceFile,
  errors: readonly IRecognitionException[],
  tokens: readonly IToken[],
  indices: ReadonlyMap<IToken, number>,
): void {
  const linesWithErrors = new Set(
    reporter.diagnostics.flatMap((diagnostic) => [
      source.position(diagnostic.span.start).line,
      ...diagnostic.labels.map((label) => source.position(label.span.start).line),
    ]),
  );
  for (const error of errors) {
    const offset = Number.isFinite(error.token.startOffset)
      ? error.token.startOffset
      : source.text.length;
    const { line } = source.position(offset);
    const continues =
      continuations.includes(error.token.tokenType) && linesWithErrors.has(line - 1);
    const isEcho = linesWithErrors.has(line) || continues;
    linesWithErrors.add(line);
    if (isEcho) continue;
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
