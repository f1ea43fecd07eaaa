import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { describeLevels } from './check-levels.js';
import type { InspectedPair } from './inspect-pairs.js';
import {
  chooseGreyEncoding,
  colourEncoding,
  type Colour,
  type MaskEncoding,
} from './mask-encoding.js';
import { colourOfLevel, describeColour } from './mask-levels.js';
import { IGNORED } from './pixels.js';

/** What a recipe says of masks. */
export interface MaskRules {
  /** The number of classes, 2 or more. */
  readonly classCount: number;
  /** The table of colours, class 0 first. */
  readonly colours: readonly Colour[] | undefined;
  /** Levels, or colours where there is a table, of pixels without a class; undefined where the recipe does not say. */
  readonly ignore: readonly (number | Colour)[] | undefined;
}

/**
 * Settles what the levels of all masks of a data set mean together, and reports
 * where files contradict each other: then there is no meaning.
 */
export function settleMeaning(
  folder: string,
  pairs: readonly InspectedPair[],
  { classCount, colours, ignore }: MaskRules,
  reporter: Reporter,
): MaskEncoding | undefined {
  if (colours !== undefined) return colourEncoding(colours, ignore?.filter(isColour));
  const levels = new Set<number>();
  for (const { counts } of pairs) for (const level of counts.keys()) levels.add(level);
  const encoding = chooseGreyEncoding(levels, classCount, ignore?.filter(isNumber));
  if (encoding !== undefined) return encoding;
  const known = [...levels].filter((level) => ignore?.includes(level) !== true);
  if (known.length === 2)
    reportNoZero(folder, pairs, known, ignore?.filter(isNumber) ?? [], reporter);
  else reportThreeLevels(folder, pairs, levels, reporter);
  return undefined;
}

const isNumber = (value: number | Colour): value is number => typeof value === 'number';
const isColour = (value: number | Colour): value is Colour => typeof value !== 'number';

/**
 * Reports masks whose only foreground is the value 255, where class indices are
 * meant and 255 has no class: tools that write 0 and 255 mean by it what others
 * mean by 1. Where the recipe says `ignore: 255`, it is as wanted.
 *
 * @param how whether the recipe says what has no class, and whether a training before has
 *   settled it, which no recipe changes then.
 */
export function checkFullMasks(
  pairs: readonly InspectedPair[],
  encoding: MaskEncoding,
  { isWanted, isSettled }: { readonly isWanted: boolean; readonly isSettled: boolean },
  reporter: Reporter,
): boolean {
  if (encoding.kind !== 'index' || isWanted) return true;
  const { classCount } = encoding;
  const isFull = ({ counts }: InspectedPair): boolean =>
    counts.has(IGNORED) && [...counts.keys()].every((level) => level === 0 || level === IGNORED);
  const isIndexed = ({ counts }: InspectedPair): boolean =>
    [...counts.keys()].some((level) => level > 0 && level < classCount);
  const full = pairs.filter(isFull);
  const indexed = pairs.filter(isIndexed);
  const [first] = full;
  if (first === undefined) return true;
  const at = atFile(first.maskPath);
  if (indexed.length === 0) {
    const parameters = { masks: full.length, example: first.maskPath, classes: classCount };
    const help = [
      isSettled
        ? asForTraining
        : 'Write the number of its class into every pixel; or say what 255 is: "ignore: 255" in the train section leaves it out of training and metrics.',
    ];
    reporter.report('mask-foreground-ignored', parameters, { at, help });
    return false;
  }
  const parameters = {
    ...{ indexed: indexed[0]!.maskPath, indexedCount: indexed.length },
    ...{ full: first.maskPath, fullCount: full.length },
  };
  const notes = [
    `With 0 and 255: ${listNames(full)}.`,
    `With class numbers: ${listNames(indexed)}.`,
  ];
  const help = isSettled
    ? [asForTraining]
    : [
        'Write the foreground as one value in all masks.',
        'If 255 has no class in all of them, say so in the train section: ignore: 255.',
      ];
  reporter.report('masks-mean-two-things', parameters, { at, notes, help });
  return false;
}

const asForTraining =
  'Write the number of its class into every pixel, as in the masks that the network was trained with.';

/** Files named in one message at most. */
const MOST_NAMED = 5;

function listNames(pairs: readonly InspectedPair[]): string {
  const names = pairs.slice(0, MOST_NAMED).map(({ maskPath }) => `"${lastParts(maskPath)}"`);
  const more = pairs.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The split, the folder and the file of a path. */
function lastParts(path: string): string {
  return path.split(/[\\/]/).slice(-3).join('/');
}

/** The largest level that a table of colours can name. */
const MOST_GREY = 255;

/** Reports masks of two values that have a class, none of them 0: either may be the background. */
function reportNoZero(
  folder: string,
  pairs: readonly InspectedPair[],
  levels: readonly number[],
  ignore: readonly number[],
  reporter: Reporter,
): void {
  const [low = 0, high = 0] = [...levels].sort((a, b) => a - b);
  const beside = ignore.includes(0) ? 'beside 0, which has no class' : 'and no 0';
  const help = [
    ignore.includes(0)
      ? 'If 0 is the background, "ignore" has to name another value, the one without a class.'
      : 'Write 0 into every pixel of the background, and one other value into the rest.',
    ...adviseOnTable(pairs, low, high, ignore),
  ];
  reporter.report('mask-without-zero', { folder, low, high, beside }, { at: atFile(folder), help });
}

/** The tables of colours that say which of two values is the background, where all masks can be read by one. */
function adviseOnTable(
  pairs: readonly InspectedPair[],
  low: number,
  high: number,
  ignore: readonly number[],
): readonly string[] {
  if (high > MOST_GREY) return [];
  const colour = (level: number): string | undefined => {
    const holding = pairs.filter(({ counts }) => counts.has(level));
    const found = new Set(holding.map(({ palette }) => colourOfLevel(level, palette)));
    return found.size === 1 ? describeColour([...found][0]!) : undefined;
  };
  const [dark, bright] = [colour(low), colour(high)];
  const without = ignore.filter((level) => pairs.some(({ counts }) => counts.has(level)));
  const ignored = without.map(colour);
  const all = [dark, bright, ...ignored];
  if (all.includes(undefined) || new Set(all).size < all.length) return [];
  const also = without.length === 0 ? '' : ` with ignore: [${ignored.join(', ')}]`;
  const source = pairs.some(({ palette }) => palette !== undefined)
    ? 'By the colours of the palette the train section'
    : 'For masks of 8 bits the train section';
  return [
    `${source} can say it instead, the background first: colors: [${dark}, ${bright}]${also} makes ${low} the background, colors: [${bright}, ${dark}]${also} makes ${high} the background.`,
  ];
}

/** Groups of masks named in one message at most. */
const MOST_GROUPS = 4;

/** More levels than this in one mask of two classes are shades. */
const MANY_LEVELS = 32;

function reportThreeLevels(
  folder: string,
  pairs: readonly InspectedPair[],
  levels: ReadonlySet<number>,
  reporter: Reporter,
): void {
  const groups = new Map<string, InspectedPair[]>();
  for (const pair of pairs) {
    const key = describeLevels([...pair.counts.keys()]).replace(/^the /, '');
    const group = groups.get(key) ?? [];
    groups.set(key, [...group.slice(0, MOST_NAMED), pair]);
    if (groups.size > MOST_GROUPS) break;
  }
  const notes = [...groups]
    .slice(0, MOST_GROUPS)
    .map(([values, group]) => `"${lastParts(group[0]!.maskPath)}" holds ${values}.`);
  const values = describeLevels([...levels]).replace(/^the values? /, '');
  const parameters = { folder, values };
  const help = [adviseOnThree(pairs, levels)];
  reporter.report('mask-not-binary', parameters, { at: atFile(folder), notes, help });
}

function adviseOnThree(pairs: readonly InspectedPair[], levels: ReadonlySet<number>): string {
  const sorted = [...levels].sort((a, b) => a - b);
  const alone = pairs.some(({ counts }) => counts.size > 2);
  if (!alone) return 'Write the same two values in all masks.';
  const isCounting = sorted.every((level, at) => level === at + sorted[0]!) && sorted[0]! <= 1;
  if (isCounting && sorted.length > 3) {
    return 'If the values number objects, put these files into a folder "instances" beside "masks", and masks of 0 and 255 into "masks"; if they are classes, give the head one channel for each.';
  }
  if (sorted.length > MANY_LEVELS) {
    return 'Shades between two values, as smooth edges or numbers to be regressed, are not supported: every pixel of a mask is of one class. Split the values at a threshold.';
  }
  return 'Give the head one channel for each class; or leave values out of training with "ignore" in the train section.';
}
