import {
  EOF,
  type IParserErrorMessageProvider,
  type IRecognitionException,
  type IToken,
  type TokenType,
} from 'chevrotain';
import type { Fix } from '../diagnostics/diagnostic.js';
import type { Reporter } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/source.js';
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
export function tokenSpan(file: string, token: IToken, fallback: number): Span {
  const hasPlace = token.tokenType !== EOF && Number.isFinite(token.startOffset);
  if (!hasPlace) return { file, start: fallback, end: fallback };
  return { file, start: token.startOffset, end: token.startOffset + token.image.length };
}

const quote = (text: string): string => `"${text.length > 40 ? `${text.slice(0, 37)}...` : text}"`;

/** Words one syntax error: what was found, what was expected, and, where one token repairs it, a fix. */
export function reportSyntaxError(
  reporter: Reporter,
  file: string,
  error: IRecognitionException,
  endOfText: number,
): void {
  const { expected, rule } = JSON.parse(error.message) as SyntaxFacts;
  const previous = 'previousToken' in error ? (error.previousToken as IToken) : undefined;
  const previousEnd =
    previous !== undefined && Number.isFinite(previous.startOffset)
      ? previous.startOffset + previous.image.length
      : endOfText;
  const at = tokenSpan(file, error.token, previousEnd);
  const found = error.token.tokenType === EOF ? 'the end of the file' : quote(error.token.image);
  const after = previous !== undefined && previous.image !== '' ? quote(previous.image) : undefined;

  if (error.token.tokenType === t.Identifier && t.reservedWords.includes(error.token.image)) {
    reporter.report('reserved-word', { word: error.token.image }, { at });
    return;
  }
  const closer = closersOf[rule];
  if (closer !== undefined && after !== undefined) {
    const startsValue =
      [t.NumberToken, t.StringToken, t.Identifier, t.LeftBracket, t.LeftParenthesis].some(
        (type) => error.token.tokenType === type,
      ) && previous?.tokenType !== t.Comma;
    const fixes: Fix[] = startsValue
      ? [
          {
            title: 'Insert ","',
            edits: [{ span: { file, start: previousEnd, end: previousEnd }, text: ',' }],
          },
        ]
      : [];
    reporter.report(
      'expected-separator',
      { closer: closer.text, what: closer.what, after, found },
      { at, fixes },
    );
    return;
  }
  if (valueRules.has(rule)) {
    reporter.report('expected-value', { after: after ?? 'the start of the file', found }, { at });
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
  reporter.report(
    'unexpected-token',
    { found, expected: listWords(expected), after: after ?? 'the start of the file' },
    { at },
  );
}

function listWords(words: readonly string[]): string {
  if (words.length === 0) return 'nothing more';
  if (words.length === 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
