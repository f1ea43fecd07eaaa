import { createHash } from 'node:crypto';

/** One training of a sweep. */
export interface Member {
  /** The name of its folder, which follows from the rest alone: a sweep that grows keeps its members. */
  readonly name: string;
  /** Values of parameters, in the language's notation. */
  readonly set: Readonly<Record<string, string>>;
  /** The fold that validates, where all folds are trained. */
  readonly fold?: number | undefined;
}

/** The values that a sweep takes for each parameter, by its name. */
export type Variation = ReadonlyMap<string, readonly string[]>;

/**
 * The values of a list `8,16`: a comma between brackets or quotes is part of a value, so that
 * `[8,16],[16,32]` are two lists and `"a,b"` is one text. What does not balance is left to the compiler.
 */
export function splitValues(text: string): readonly string[] {
  const values = [''];
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (isQuoted && letter === '\\') {
      values[values.length - 1] += letter + (text[++at] ?? '');
      continue;
    }
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && '([{'.includes(letter)) depth++;
    else if (!isQuoted && ')]}'.includes(letter)) depth--;
    if (letter === ',' && depth <= 0 && !isQuoted) values.push('');
    else values[values.length - 1] += letter;
  }
  return values.map((value) => value.trim());
}

/** How many combinations of values there are. */
export const countCombinations = (variation: Variation): number =>
  [...variation.values()].reduce((product, values) => product * values.length, 1);

/** All combinations of values; those of the last parameter change first. */
export function combinationsOf(variation: Variation): readonly Readonly<Record<string, string>>[] {
  let combinations: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [name, values] of variation) {
    combinations = combinations.flatMap((before) =>
      values.map((value) => ({ ...before, [name]: value })),
    );
  }
  return combinations;
}

/** The member with some values, and a fold where all are trained. */
export function memberOf(set: Readonly<Record<string, string>>, fold?: number): Member {
  const values = Object.entries(set).sort(([one], [other]) => (one < other ? -1 : 1));
  if (fold === undefined) return { name: folderName(values), set };
  return { name: folderName([...values, ['fold', String(fold)]]), set, fold };
}

/** Characters of a name at most, before its digest. */
const longest = 80;

/**
 * `base=8_lr=0.001`. What file systems do not take in names becomes a hyphen; a digest then
 * keeps different members apart.
 */
function folderName(values: readonly (readonly [name: string, value: string])[]): string {
  const exact = values.map(([name, value]) => `${name}=${value}`).join('_');
  const plain = exact.replace(/[^\w.+=-]+/g, '-').slice(0, longest);
  if (plain === exact) return exact;
  return `${plain}-${createHash('sha256').update(exact).digest('hex').slice(0, 6)}`;
}
