import * as t from '../../src/parser/tokens.js';
import { captures, name, oneOf, source, type Rule } from './rule.js';

/** Comments end with their line; three slashes document what is below. */
export function comments(): readonly Rule[] {
  return [
    {
      match: '(///).*$',
      name: 'comment.line.documentation',
      captures: captures('punctuation.definition.comment'),
    },
    {
      match: '(//).*$',
      name: 'comment.line.double-slash',
      captures: captures('punctuation.definition.comment'),
    },
  ];
}

/** A string ends on the line it starts on. */
export function string(): Rule {
  return {
    begin: '"',
    beginCaptures: { 0: { name: 'punctuation.definition.string.begin' } },
    end: '(")|$',
    endCaptures: captures('punctuation.definition.string.end'),
    name: 'string.quoted.double',
    patterns: [
      { match: '\\\\.', name: 'constant.character.escape' },
      // A value's place in the names of weights.
      { match: `\\{${name}\\}`, name: 'constant.other.placeholder' },
    ],
  };
}

/** The words that are no names. Throws for one that has no colour yet. */
export function words(): readonly Rule[] {
  const scopes: Readonly<Record<string, string>> = {
    if: 'keyword.control.conditional',
    else: 'keyword.control.conditional',
    and: 'keyword.operator.wordlike',
    or: 'keyword.operator.wordlike',
    not: 'keyword.operator.wordlike',
    true: 'constant.language.boolean',
    false: 'constant.language.boolean',
  };
  const colours = t.reservedWords.map((word) => {
    const scope = scopes[word];
    if (scope === undefined) throw new Error(`The word "${word}" has no colour yet.`);
    return scope;
  });
  return [...new Set(colours)].map((scope) => ({
    match: oneOf(t.reservedWords.filter((_, index) => colours[index] === scope)),
    name: scope,
  }));
}

/** Longer operators come before their prefixes. */
export function operators(): readonly Rule[] {
  const comparisons = [
    t.EqualEqual,
    t.NotEqual,
    t.LessEqual,
    t.GreaterEqual,
    t.Less,
    t.Greater,
  ].map(source);
  const arithmetic = [t.Plus, t.Minus, t.Star, t.Slash, t.Percent].map(source);
  return [
    { match: source(t.Arrow), name: 'keyword.operator.pipeline' },
    { match: comparisons.join('|'), name: 'keyword.operator.comparison' },
    { match: source(t.Equals), name: 'keyword.operator.assignment' },
    { match: arithmetic.join('|'), name: 'keyword.operator.arithmetic' },
    { match: source(t.Bar), name: 'keyword.operator.type' },
    ...punctuation(),
  ];
}

/** What separates; brackets too, where they are not taken together. */
export function punctuation(): readonly Rule[] {
  return [
    { match: source(t.Colon), name: 'punctuation.separator.colon' },
    { match: source(t.Comma), name: 'punctuation.separator.comma' },
    { match: source(t.LeftBracket), name: 'punctuation.section.list.begin' },
    { match: source(t.RightBracket), name: 'punctuation.section.list.end' },
    { match: source(t.Dot), name: 'punctuation.accessor' },
    { match: source(t.RightParenthesis), name: 'punctuation.section.group.end' },
  ];
}
