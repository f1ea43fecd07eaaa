import {
  EOF,
  type IParserErrorMessageProvider,
  type IRecognitionException,
  type IToken,
  type TokenType,
} from 'chevrotain';
import type { Fix } from '../diagnostics/diagnostic.js';
import type { Reporter } from '../diagnostics/report.js';
import type { SourceFile, Span } from '../diagnostics/source.js';
import * as t from './tokens.js';

/** What a chevrotain message carries here: the facts, not a sentence; `reportSyntaxError` words it. */
interface SyntaxFacts {
  readonly expected: readonly string[];
  readonly rule: string;
}

const facts = (expected: readonly (TokenType | undefined)[], rule: string): string =>
  JSON.stringify({
    expected: [...new Set(expected.flatMap((type) => type?.LABEL ?? type?.name ?? []))],
    rule,
  } satisfies SyntaxFacts);

/** Hands facts through chevrotain's message strings, so that the wording is ours alone. */
export const syntaxErrorProvider: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, ruleName }) => facts([expected], ruleName),
  buildNotAllInputParsedMessage: ({ ruleName }) => facts([], ruleName),
  buildNoViableAltMessage: ({ expectedPathsPerAlt, ruleName }) =>
    facts(
      expectedPathsPerAlt.flatMap((paths) => paths.map((path) => path[0])),
      ruleName,
    ),
  buildEarlyExitMessage: ({ expectedIterationPaths, ruleName }) =>
    facts(
      expectedIterationPaths.map((path) => path[0]),
      ruleName,
    ),
};

/** The rules inside which the reader was writing a value. */
const valueRules = new Set([
  'expressionRule',
  'pipelineRule',
  'orRule',
  'andRule',
  'notRule',
  'comparisonRule',
  'sumRule',
  'productRule',
  'unaryRule',
  'postfixRule',
  'primaryRule',
  'nameOrCallRule',
]);

const closersOf: Readonly<Record<string, { readonly text: string; readonly what: string }>> = {
  argumentsRule: { text: ')', what: 'the arguments' },
  parametersRule: { text: ')', what: 'the parameters' },
  groupRule: { text: ')', what: 'the group' },
  listRule: { text: ']', what: 'the list' },
};

/** The span of a token; tokens that recovery made up, and the end of the file, have none of their own. */
function tokenSpan(file: string, token: IToken, fallback: number): Span {
  const hasPlace = token.tokenType !== EOF && Number.isFinite(token.startOffset);
  if (!hasPlace) return { file, start: fallback, end: fallback };
  return { file, start: token.startOffset, end: endOf(token) };
}

const quote = (token: IToken): string => {
  const text = token.image.length > 40 ? `${token.image.slice(0, 37)}...` : token.image;
  return token.tokenType === t.StringToken ? `the string ${text}` : `"${text}"`;
};

/**
 * Words one syntax error: what was found, what was expected, and, where one edit
 * repairs it, a fix. `index` is the place of the error's token in `tokens`.
 */
export function reportSyntaxError(
  reporter: Reporter,
  source: SourceFile,
  error: IRecognitionException,
  tokens: readonly IToken[],
  index: number,
): void {
  const file = source.path;
  const { expected, rule } = JSON.parse(error.message) as SyntaxFacts;
  const { token } = error;
  const previous = tokens[index - 1];
  const previousEnd = previous === undefined ? 0 : endOf(previous);
  const at = tokenSpan(file, token, previousEnd);
  const found = token.tokenType === EOF ? 'the end of the file' : quote(token);
  const after = previous === undefined ? 'the start of the file' : quote(previous);

  if (reportForeignSign(reporter, file, tokens, index)) return;
  if (rule === 'parametersRule' && reportMissingColon(reporter, file, tokens, index)) return;
  const closer = closersOf[rule];
  const isAfterOpener = previous?.tokenType === t.LeftParenthesis;
  if (closer !== undefined && !isAfterOpener) {
    const fixes = startsValue.has(token.tokenType) ? [replace(previousEnd, previousEnd, ',')] : [];
    reporter.report(
      'expected-separator',
      { closer: closer.text, what: closer.what, after, found },
      { at, fixes },
    );
    return;
  }
  if (valueRules.has(rule) || rule === 'argumentsRule') {
    const isLineEnd =
      token.tokenType !== EOF && /[\r\n]/.test(source.text.slice(previousEnd, at.start));
    const isTrailingComma = previous?.tokenType === t.Comma && isCloser(token);
    reporter.report(
      'expected-value',
      { after, found: isLineEnd ? 'the end of the line' : found },
      {
        at: isLineEnd ? { file, start: previousEnd, end: previousEnd } : at,
        fixes: isTrailingComma ? [replace(previous.startOffset, previousEnd, '')] : [],
      },
    );
    return;
  }
  if (rule === 'bodyRule' || rule === 'memberRule' || rule === 'fileRule') {
    reporter.report(
      'expected-section',
      { where: rule === 'fileRule' ? 'the file' : 'a body', found },
      { at },
    );
    return;
  }
  reporter.report('unexpected-token', { found, expected: listWords(expected), after }, { at });

  function replace(start: number, end: number, text: string): Fix {
    const title = text === '' ? `Remove "${source.text.slice(start, end)}"` : `Insert "${text}"`;
    return { title, edits: [{ span: { file, start, end }, text }] };
  }
}

/** `conv(filters=64)` and `conv => relu`: signs of other languages where this one has its own. */
function reportForeignSign(
  reporter: Reporter,
  file: string,
  tokens: readonly IToken[],
  index: number,
): boolean {
  const [before, found, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (found?.tokenType !== t.Equals || before === undefined) return false;
  const isArrow = next?.tokenType === t.Greater && next.startOffset === endOf(found);
  const opener = tokens[index - 2]?.tokenType;
  const isArgument =
    before.tokenType === t.Identifier && (opener === t.LeftParenthesis || opener === t.Comma);
  if (!isArrow && !isArgument) return false;
  const text = isArrow ? '->' : ':';
  const at = { file, start: found.startOffset, end: endOf(isArrow ? next : found) };
  reporter.report(
    'unexpected-token',
    { expected: `"${text}"`, after: quote(before), found: isArrow ? '"=>"' : '"="' },
    { at, fixes: [{ title: `Write "${text}"`, edits: [{ span: at, text }] }] },
  );
  return true;
}

/** `stage conv(3)`: read as a section with parameters, meant as a field. */
function reportMissingColon(
  reporter: Reporter,
  file: string,
  tokens: readonly IToken[],
  index: number,
): boolean {
  const [word, name, opener] = tokens.slice(Math.max(0, index - 3), index);
  const isField =
    word?.tokenType === t.Identifier &&
    name?.tokenType === t.Identifier &&
    opener?.tokenType === t.LeftParenthesis;
  if (!isField) return false;
  const end = endOf(word);
  reporter.report(
    'unexpected-token',
    { expected: '":"', after: quote(word), found: quote(name) },
    {
      at: tokenSpan(file, name, end),
      fixes: [{ title: 'Insert ":"', edits: [{ span: { file, start: end, end }, text: ':' }] }],
    },
  );
  return true;
}

function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

const startsValue = new Set<TokenType>([
  t.NumberToken,
  t.StringToken,
  t.True,
  t.False,
  t.Identifier,
  t.LeftBracket,
  t.LeftParenthesis,
]);

function isCloser({ tokenType }: IToken): boolean {
  return tokenType === t.RightBracket || tokenType === t.RightParenthesis;
}

function listWords(words: readonly string[]): string {
  if (words.length === 0) return 'nothing more';
  if (words.length === 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
