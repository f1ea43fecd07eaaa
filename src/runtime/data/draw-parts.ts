import { createHash } from 'node:crypto';
import type { SplitRule } from '../../ir/data-source.js';

/** A split that draws which pairs validate. */
export type DrawnSplit = Extract<SplitRule, { readonly seed: number }>;

/** A pair as far as a draw sees it. */
export interface Drawn {
  readonly name: string;
  /** The group that a list of pairs says. */
  readonly group?: string | undefined;
}

/** The group of a pair: what the list says, or the name up to the text that ends its group. */
export function groupOf({ name, group }: Drawn, { group: end }: DrawnSplit): string {
  if (end === undefined || end === '') return group ?? name;
  const at = name.indexOf(end);
  return at < 0 ? name : name.slice(0, at);
}

interface Group {
  readonly name: string;
  readonly pairs: number;
  /** Where it stands among the others: SHA-256 of the seed, "/" and its name, in hex. */
  readonly place: string;
}

/**
 * The groups whose pairs validate; undefined where there are fewer groups than parts need.
 * Groups are put into the order of the SHA-256 of "SEED/GROUP", so that a pair that is added
 * moves no other one at random, and every program finds the same order.
 *
 * `fraction`: groups from the front, until one more would lead further from the fraction than
 * it comes near to it; at least one, and one is left to train on. `folds`: the largest groups
 * first, each into the fold with the fewest pairs, the first of equals.
 */
export function drawValidation(
  pairs: readonly Drawn[],
  rule: DrawnSplit,
): ReadonlySet<string> | undefined {
  const counts = new Map<string, number>();
  for (const pair of pairs) {
    const name = groupOf(pair, rule);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const groups = [...counts]
    .map(([name, count]): Group => {
      const place = createHash('sha256').update(`${rule.seed}/${name}`).digest('hex');
      return { name, pairs: count, place };
    })
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  if (groups.length < groupsNeeded(rule)) return undefined;
  return rule.kind === 'fraction'
    ? drawFraction(groups, rule.val * pairs.length)
    : drawFold(groups, rule);
}

/** How many groups a draw needs at least. */
export const groupsNeeded = (rule: DrawnSplit): number => (rule.kind === 'folds' ? rule.count : 2);

function drawFraction(groups: readonly Group[], wanted: number): ReadonlySet<string> {
  const drawn = new Set<string>();
  let taken = 0;
  for (const { name, pairs } of groups.slice(0, -1)) {
    if (taken > 0 && taken + pairs / 2 > wanted) break;
    drawn.add(name);
    taken += pairs;
  }
  return drawn;
}

function drawFold(
  groups: readonly Group[],
  { count, fold }: DrawnSplit & { readonly kind: 'folds' },
): ReadonlySet<string> {
  const folds = Array.from({ length: count }, () => ({ pairs: 0, names: new Set<string>() }));
  const largestFirst = [...groups].sort((a, b) => b.pairs - a.pairs);
  for (const { name, pairs } of largestFirst) {
    const least = folds.reduce((best, each) => (each.pairs < best.pairs ? each : best));
    least.names.add(name);
    least.pairs += pairs;
  }
  return folds[fold]!.names;
}
