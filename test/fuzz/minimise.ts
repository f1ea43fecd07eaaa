import { piecesOf } from './inputs/mutants.js';

/**
 * A small text that still fails: parts are left out, halves first and then ever smaller
 * ones, by lines, then by words, then by characters (Zeller and Hildebrandt 2002).
 */
export async function minimise(
  text: string,
  fails: (text: string) => boolean | Promise<boolean>,
): Promise<string> {
  let smallest = text;
  for (const split of [linesOf, piecesOf, (whole: string) => [...whole]]) {
    for (;;) {
      const parts = split(smallest);
      // Character by character only what words have made small.
      if (split !== linesOf && parts.length > 2_000) break;
      const next = (await withoutParts(parts, fails)).join('');
      if (next.length === smallest.length) break;
      smallest = next;
    }
  }
  return smallest;
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

async function withoutParts(
  parts: readonly string[],
  fails: (text: string) => boolean | Promise<boolean>,
): Promise<readonly string[]> {
  let left = parts;
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < left.length;) {
      const fewer = left.toSpliced(from, size);
      if (await fails(fewer.join(''))) left = fewer;
      else from += size;
    }
  }
  return left;
}
