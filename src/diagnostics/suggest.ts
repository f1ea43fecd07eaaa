/**
 * The candidate a person most likely meant by `name`, or undefined when none is
 * near. Names that differ only in case or in `_`, `-` and blanks win; then the
 * fewest slips (insert, delete, replace, swap neighbours), at most one for names
 * of up to four letters, two up to eight, three beyond. Ties go to the candidate
 * that comes first, so the answer does not depend on anything but the arguments. A
 * candidate that is `name` itself is passed over.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = normalise(name);
  const limit = slipLimit(wanted.length);
  let best: string | undefined;
  let fewest = limit + 1;
  for (const candidate of candidates) {
    // The word itself is of no help: where it is known by another nature, it is not what was meant.
    if (candidate === name) continue;
    const found = normalise(candidate);
    if (found === wanted) return candidate;
    if (Math.abs(found.length - wanted.length) >= fewest) continue;
    if (isOther(wanted, found)) continue;
    const slips = countSlips(wanted, found);
    if (slips < fewest && slips < found.length) {
      best = candidate;
      fewest = slips;
    }
  }
  return best;
}

/** The clause that offers a candidate, as a help line; undefined when there is none. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const candidate = closest(name, candidates);
  return candidate === undefined ? undefined : `Did you mean "${candidate}"?`;
}

/** What turns a word into another one; nobody types it by a slip. */
const prefixes = ['un', 'bi', 'tri', 'de', 're', 'non', 'up', 'down', 'trans', 'adaptive'];

/** Whether a part of one name is that of the other behind a prefix: `max_unpool` is no `max_pool`. */
function isOther(one: string, other: string): boolean {
  return prefixes.some((prefix) =>
    [
      [one, other],
      [other, one],
    ].some(([longer = '', shorter = '']) => {
      const at = longer.length === shorter.length + prefix.length ? longer.indexOf(prefix) : -1;
      return at >= 0 && longer.slice(0, at) + longer.slice(at + prefix.length) === shorter;
    }),
  );
}

function normalise(name: string): string {
  const bare = name.toLowerCase().replace(/[_\-\s]/g, '');
  return bare === '' ? name : bare;
}

function slipLimit(length: number): number {
  if (length < 2) return 0;
  if (length <= 4) return 1;
  return length <= 8 ? 2 : 3;
}

/**
 * Optimal string alignment distance: edits and swaps of neighbours, no part
 * touched twice (Damerau 1964; the restricted form, which needs three rows).
 */
function countSlips(from: string, to: string): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1;
      let slips = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + differs,
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      if (swapped) slips = Math.min(slips, twoBack[column - 2]! + 1);
      current.push(slips);
    }
    twoBack = previous;
    previous = current;
  }
  return previous[to.length]!;
}
