import { createToken, Lexer, type TokenType } from 'chevrotain';

/**
 * Every token with the label error messages use. The order matters to the
 * lexer: longer operators before their prefixes, words before identifiers.
 */
const define = (
  name: string,
  pattern: RegExp | string,
  label: string,
  longerAlternative?: TokenType,
): TokenType =>
  createToken({
    name,
    pattern,
    label,
    line_breaks: false,
    ...(longerAlternative === undefined ? {} : { longer_alt: longerAlternative }),
  });

export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  label: 'a name',
  line_breaks: false,
});

const word = (name: string, text: string): TokenType => define(name, text, `"${text}"`, Identifier);

export const If = word('If', 'if');
export const Else = word('Else', 'else');
export const And = word('And', 'and');
export const Or = word('Or', 'or');
export const Not = word('Not', 'not');
export const True = word('True', 'true');
export const False = word('False', 'false');

/**
 * A word that is one only in its place: elsewhere it may be a name. The lexer never
 * makes it; `markWords` does.
 */
const wordInPlace = (name: string, text: string): TokenType =>
  createToken({ name, pattern: Lexer.NA, label: `"${text}"` });

export const Import = wordInPlace('Import', 'import');
export const From = wordInPlace('From', 'from');
export const For = wordInPlace('For', 'for');
export const In = wordInPlace('In', 'in');
export const Above = wordInPlace('Above', 'above');
export const To = wordInPlace('To', 'to');
export const Below = wordInPlace('Below', 'below');

/** The words that are names anywhere else. */
export const wordsInPlace: readonly TokenType[] = [Import, From, For, In, Above, To, Below];

export const NumberToken = define(
  'Number',
  /(?:\d[\d_]*)(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/,
  'a number',
);
/** An unclosed string runs to the end of its line; `parse` reports it. */
export const StringToken = define('String', /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"?/, 'a string');

export const Arrow = define('Arrow', '->', '"->"');
export const EqualEqual = define('EqualEqual', '==', '"=="');
export const NotEqual = define('NotEqual', '!=', '"!="');
export const LessEqual = define('LessEqual', '<=', '"<="');
export const GreaterEqual = define('GreaterEqual', '>=', '">="');
export const Less = define('Less', '<', '"<"');
export const Greater = define('Greater', '>', '">"');
export const Equals = define('Equals', '=', '"="');
export const Plus = define('Plus', '+', '"+"');
export const Minus = define('Minus', '-', '"-"');
export const Star = define('Star', '*', '"*"');
export const Slash = define('Slash', '/', '"/"');
export const Percent = define('Percent', '%', '"%"');
export const Bar = define('Bar', '|', '"|"');
export const Colon = define('Colon', ':', '":"');
export const Comma = define('Comma', ',', '","');
export const Dot = define('Dot', '.', '"."');
export const LeftBrace = define('LeftBrace', '{', '"{"');
export const RightBrace = define('RightBrace', '}', '"}"');
export const LeftParenthesis = define('LeftParenthesis', '(', '"("');
export const RightParenthesis = define('RightParenthesis', ')', '")"');
export const LeftBracket = define('LeftBracket', '[', '"["');
export const RightBracket = define('RightBracket', ']', '"]"');

const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n\uFEFF\u00A0]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
/** Comments are kept aside for the formatter and for documentation. */
export const CommentToken = createToken({
  name: 'Comment',
  pattern: /\/\/[^\r\n]*/,
  group: 'comments',
  line_breaks: false,
});

export const allTokens: readonly TokenType[] = [
  WhiteSpace,
  CommentToken,
  NumberToken,
  StringToken,
  If,
  Else,
  And,
  Or,
  Not,
  ...wordsInPlace,
  True,
  False,
  Identifier,
  Arrow,
  EqualEqual,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Equals,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Bar,
  Colon,
  Comma,
  Dot,
  LeftBrace,
  RightBrace,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
];

/** The words that cannot be names. */
export const reservedWords: readonly string[] = ['if', 'else', 'and', 'or', 'not', 'true', 'false'];
