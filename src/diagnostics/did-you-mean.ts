import type { Fix } from './diagnostic.js';
import type { Span } from './source.js';
import { formerName, type FormerName } from './former-names.js';
import { ownValue } from './own-value.js';
import { closest } from './suggest.js';

/** A word of a spec, and where it stands. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

export interface Suggestion {
  /** The known word that was most likely meant. */
  readonly nearest: string | undefined;
  /** What the value beside a name of older versions is called now, where that is other. */
  readonly value?: string | undefined;
  /** `"a", "b" or "c"`; after a lead `its options are "a", "b" and "c"`; cut after twelve names. */
  readonly known: string;
  readonly help: readonly string[];
  readonly fixes: readonly Fix[];
}

/**
 * What to say of a word that is none of the known ones: what it is called today, or the
 * nearest as a fix, and the list. `value` is what stands beside the name of an option. `lead` is `its options are` or the like; without one the list is
 * a choice.
 */
export function didYouMean(
  word: Word,
  known: readonly string[],
  lead = '',
  value?: Word,
): Suggestion {
  const list =
    known.length === 0
      ? 'it takes none'
      : lead.endsWith(' are')
        ? `${known.length === 1 ? lead.replace(/ (\w+)s are$/, ' only $1 is') : lead} ${listNames(known, 'and')}`
        : `${lead} ${listNames(known)}`.trim();
  const former = formerName(word.text, known);
  if (former !== undefined) return { known: list, ...renaming(word, former, value) };
  // A word that is known elsewhere, not here, is not meant once more.
  const others = known.filter((name) => name !== word.text);
  const nearest = closest(word.text, others);
  return {
    nearest,
    known: list,
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

/** What to say of a name that was right in an older version. */
function renaming(
  { text, span }: Word,
  { now, values = {} }: FormerName,
  value: Word | undefined,
): Omit<Suggestion, 'known'> {
  const other = value && ownValue(values, value.text);
  const edits = [
    { span, text: now },
    ...(other === undefined ? [] : [{ span: value!.span, text: other }]),
  ];
  return {
    ...{ nearest: now, value: other },
    help: [`"${text}" is called "${now}" now.`],
    fixes: [{ title: `Change "${text}" to "${now}"`, edits, modernizes: true }],
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
