import type { Colour } from '../../ir/recipe.js';
import { packColour, type MaskLevels } from './mask-levels.js';
import { createClassMask, IGNORED, type ClassMask } from './pixels.js';

export type { Colour };

/**
 * What the levels of a data set's masks mean; one encoding holds for all of
 * its masks, since a single mask may lack a class. `ignore` holds the levels
 * of pixels that have no class (packed colours with a table); where an old
 * checkpoint does not say, that is 255 for indices and none otherwise.
 */
export type MaskEncoding = {
  readonly ignore?: readonly number[] | undefined;
} & (
  | /** The level is the class. */
    {
      readonly kind: 'index';
      readonly classCount: number;
    } /** Two levels, the lower one class 0, the higher one class 1. */
  | {
      readonly kind: 'pair';
      readonly low: number;
      readonly high: number;
    } /** The place in a table of colours, packed as in `MaskLevels`. */
  | { readonly kind: 'colours'; readonly table: readonly number[] }
);

/** The most classes that masks can name: 255 is kept for "no class". */
export const MOST_CLASSES = 255;

/** The levels of pixels without a class. */
export function ignoredLevels({ kind, ignore }: MaskEncoding): readonly number[] {
  return ignore ?? (kind === 'index' ? [IGNORED] : []);
}

/**
 * The encoding of a table of colours.
 *
 * @param ignore the colours of pixels without a class.
 */
export function colourEncoding(
  colours: readonly Colour[],
  ignore: readonly Colour[] = [],
): MaskEncoding {
  const pack = (colour: Colour): number => packColour(...colour);
  return { kind: 'colours', table: colours.map(pack), ignore: ignore.map(pack) };
}

/**
 * The encoding of grey masks from all levels that occur in a data set. Three
 * classes and more are class indices. Two classes, in this order, the levels
 * that the recipe ignores left aside:
 *
 * 1. levels among 0 and 1 with a 1, or nothing but 0: class indices;
 * 2. 0 and another level (255, 128): the other one is class 1;
 * 3. one level: it is class 1, and class 0 does not occur.
 *
 * Where class indices are meant and the recipe ignores nothing, 255 has no class.
 * Undefined when two classes meet more than two levels, or two without a 0: nothing in
 * the files says which of 1 and 2 is the background.
 */
export function chooseGreyEncoding(
  levels: ReadonlySet<number>,
  classCount: number,
  ignore?: readonly number[],
): MaskEncoding | undefined {
  const indices: MaskEncoding = { kind: 'index', classCount, ignore: ignore ?? [IGNORED] };
  if (classCount > 2) return indices;
  const sorted = [...levels].filter((level) => ignore?.includes(level) !== true);
  sorted.sort((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const high = sorted.at(-1) ?? 0;
  const isIndex = (level: number): boolean =>
    level === 0 || level === 1 || (ignore === undefined && level === IGNORED);
  if (sorted.length === 2 && low !== 0) return undefined;
  if (sorted.every(isIndex) && (sorted.includes(1) || high === 0)) return indices;
  if (sorted.length === 1) return { kind: 'pair', low: 0, high, ignore: ignore ?? [] };
  return sorted.length === 2 ? { kind: 'pair', low, high, ignore: ignore ?? [] } : undefined;
}

/** The class of a level, `IGNORED`, or undefined when the encoding does not know the level. */
export function classOfLevel(level: number, encoding: MaskEncoding): number | undefined {
  if (ignoredLevels(encoding).includes(level)) return IGNORED;
  switch (encoding.kind) {
    case 'index':
      return level < encoding.classCount ? level : undefined;
    case 'pair':
      return level === encoding.high ? 1 : level === encoding.low ? 0 : undefined;
    case 'colours': {
      const place = encoding.table.indexOf(level);
      return place < 0 ? undefined : place;
    }
  }
}

/** The class indices of a mask. Levels that the encoding does not know become `IGNORED`. */
export function encodeMask(levels: MaskLevels, encoding: MaskEncoding): ClassMask {
  const mask = createClassMask(levels.height, levels.width);
  const known = new Map<number, number>();
  let level = -1;
  let index = IGNORED;
  for (let i = 0; i < mask.data.length; i++) {
    if (levels.data[i] !== level) {
      level = levels.data[i]!;
      index = known.get(level) ?? classOfLevel(level, encoding) ?? IGNORED;
      known.set(level, index);
    }
    mask.data[i] = index;
  }
  return mask;
}

/** The encoding's levels in words, for messages. */
export function describeEncoding(encoding: MaskEncoding): string {
  switch (encoding.kind) {
    case 'index':
      return `class indices from 0 to ${encoding.classCount - 1}`;
    case 'pair':
      return `the values ${encoding.low} and ${encoding.high}`;
    case 'colours':
      return `${encoding.table.length} colours of the table`;
  }
}
