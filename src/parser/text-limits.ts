/** More characters than any spec written by a person has. */
const characterLimit = 4_000_000;

/** More tokens than any spec written by a person has. */
export const tokenLimit = 100_000;

/** A limit of texts that one is beyond, with the offset where. */
export interface BeyondLimit {
  readonly limit: number;
  readonly what: 'characters' | 'tokens';
  readonly at: number;
}

/** Words, strings, comments and signs; the lexer knows more kinds, and makes fewer tokens. */
const pieces = /\s+|\/\/[^\r\n]*|"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"?|\w+|[^]/gy;

/**
 * Whether a text is far beyond what is worth reading, found out before the lexer
 * makes tokens of all of it. Texts that are near a limit pass: the parser counts.
 */
export function beyondLimits(text: string): BeyondLimit | undefined {
  if (text.length > characterLimit) {
    return { limit: characterLimit, what: 'characters', at: characterLimit };
  }
  // A token has a character at least.
  if (text.length <= 4 * tokenLimit) return undefined;
  pieces.lastIndex = 0;
  for (let count = 0; count <= 4 * tokenLimit; count++) {
    if (!pieces.test(text)) return undefined;
  }
  return { limit: tokenLimit, what: 'tokens', at: pieces.lastIndex };
}
