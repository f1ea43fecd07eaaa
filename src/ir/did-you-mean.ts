import type { Fix } from '../diagnostics/diagnostic.js';
import type { Span } from '../diagnostics/source.js';
import { closest } from '../diagnostics/suggest.js';

export interface Suggestion {
  /** `expected "a", "b" or "c"`, cut after eight names. */
  readonly known: string;
  readonly help: readonly string[];
  readonly fixes: readonly Fix[];
}

/** What to say of a word that is none of the known ones: the nearest as a fix, and the list. */
export function didYouMean(
  word: { readonly text: string; readonly span: Span },
  known: readonly string[],
  lead: string,
): Suggestion {
  const nearest = closest(word.text, known);
  return {
    known:
      known.length === 0 ? 'it takes none' : `${lead === '' ? '' : `${lead} `}${listNames(known)}`,
    help: nearest === undefined ? [] : [`Did you mean "${nearest}"?`],
    fixes:
      nearest === undefined
        ? []
        : [
            {
              title: `Change "${word.text}" to "${nearest}"`,
              edits: [{ span: word.span, text: nearest }],
            },
          ],
  };
}

/** `"a", "b" or "c"` */
export function listNames(names: readonly string[], limit = 8): string {
  const shown = names.slice(0, limit).map((name) => `"${name}"`);
  if (names.length > limit) return `${shown.join(', ')} and ${names.length - limit} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}
