import type { Fix } from './diagnostic.js';
import type { Span } from './source.js';
import { closest } from './suggest.js';

export interface Suggestion {
  /** The known word that was most likely meant. */
  readonly nearest: string | undefined;
  /** `"a", "b" or "c"`; after a lead `its options are "a", "b" and "c"`; cut after twelve names. */
  readonly known: string;
  readonly help: readonly string[];
  readonly fixes: readonly Fix[];
}

/**
 * What to say of a word that is none of the known ones: the nearest as a fix,
 * and the list. `lead` is `its options are` or the like; without one the list is
 * a choice.
 */
export function didYouMean(
  word: { readonly text: string; readonly span: Span },
  known: readonly string[],
  lead = '',
): Suggestion {
  // A word that is known elsewhere, not here, is not meant once more.
  const others = known.filter((name) => name !== word.text);
  const nearest = closest(word.text, others);
  return {
    nearest,
    known:
      known.length === 0
        ? 'it takes none'
        : lead.endsWith(' are')
          ? `${known.length === 1 ? lead.replace(/ (\w+)s are$/, ' only $1 is') : lead} ${listNames(known, 'and')}`
          : `${lead} ${listNames(known)}`.trim(),
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
export function listNames(
  names: readonly string[],
  joint: 'and' | 'or' = 'or',
  limit = 12,
): string {
  const shown = names.slice(0, limit).map((name) => `"${name}"`);
  if (names.length > limit) return `${shown.join(', ')} and ${names.length - limit} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} ${joint} ${last}`;
}
