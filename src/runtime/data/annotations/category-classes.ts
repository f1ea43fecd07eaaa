import type { OtherCategories } from '../../../ir/data-source.js';
import type { PairRules } from '../pair-rules.js';

/** What the pixels of a category's objects are: a class, pixels without one, or no object at all. */
export type CategoryClass = number | 'ignored' | 'outside';

/** What labelme calls pixels without a class, and those of none of its objects. */
const wordsOfLabelme: Readonly<Record<string, CategoryClass | undefined>> = {
  __ignore__: 'ignored',
  _background_: 0,
};

/**
 * The class of a category. Where masks number objects, every category is an object; where the
 * recipe names classes, it is the one of that name; else, in a network of two classes, class 1.
 * `unknown` where the recipe's classes lack it, `unnamed` where the recipe would have to name them.
 *
 * @param rules undefined where there is no network: every category is class 1 then.
 * @param others what becomes of categories that the recipe does not name.
 */
export function classOfCategory(
  category: string,
  rules: PairRules | undefined,
  others: OtherCategories,
): CategoryClass | 'unknown' | 'unnamed' {
  const { borderWidth, classNames, classCount = 2 } = rules ?? {};
  const word = Object.hasOwn(wordsOfLabelme, category) ? wordsOfLabelme[category] : undefined;
  if (borderWidth !== undefined) return word === 0 ? 'outside' : (word ?? 1);
  const named = classNames?.indexOf(category) ?? -1;
  if (named >= 0) return named;
  if (word !== undefined) return word;
  if (classNames === undefined) return classCount > 2 ? 'unnamed' : 1;
  const found = { refused: 'unknown', ignored: 'ignored', background: 'outside' } as const;
  return found[others];
}
