import { Identifier, reservedWords, type allTokens } from '../../src/parser/tokens.js';

/** A rule of a TextMate grammar, as far as this one needs them. */
export interface Rule {
  readonly include?: string;
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

type Captures = Readonly<Record<string, { readonly name: string }>>;

/** References to rules of the repository, by their names. */
export function includes(...names: readonly string[]): readonly Rule[] {
  return names.map((rule) => ({ include: `#${rule}` }));
}

/** Scopes for the groups of a pattern, in their order. */
export function captures(...names: readonly string[]): Captures {
  return Object.fromEntries(names.map((scope, index) => [String(index + 1), { name: scope }]));
}

/** Any of some words, whole. */
export function oneOf(alternatives: readonly string[]): string {
  return `\\b(?:${alternatives.join('|')})\\b`;
}

/** A token's pattern as a regular expression. */
export function source({ PATTERN: pattern }: (typeof allTokens)[number]): string {
  if (pattern instanceof RegExp) return pattern.source;
  return String(pattern).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The rules with the language at the end of every scope, as is the custom. */
export function scoped<T>(value: T): T {
  if (Array.isArray(value)) return value.map(scoped) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === 'name' && typeof inner === 'string' ? `${inner}.unet` : scoped(inner as unknown),
  ]);
  return Object.fromEntries(entries) as T;
}

/** A name, as the parser has it. */
export const name = source(Identifier);

/** A name that is none of the reserved words. */
export const freeName = `(?!(?:${reservedWords.join('|')})\\b)${name}`;

/** Blanks before the first word of a line; a file may begin with a byte-order mark. */
export const blank = '[\\s\\x{FEFF}]*';
