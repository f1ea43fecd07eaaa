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
  if (known.length === 2) reportNoZero(folder, known, reporter);
  else reportThreeLevels(folder, pairs, levels, reporter);
  return undefined;
}

const isNumber = (value: number | Colour): value is number => typeof value === 'number';
const isColour = (value: number | Colour): value is Colour => typeof value !== 'number';

/**
 * Reports masks whose only foreground is the value 255, where class indices are
 * meant and 255 has no class: tools that write 0 and 255 mean by it what others
 * mean by 1. Where the recipe says `ignore: 255`, it is as wanted.
 */
export function checkFullMasks(
  pairs: readonly InspectedPair[],
  encoding: MaskEncoding,
  isWanted: boolean,
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
      'Write the number of its class into every pixel; or say what 255 is: "ignore: 255" in the train section leaves it out of training and metrics.',
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
  const help = [
    'Write the foreground as one value in all masks.',
    'If 255 has no class in all of them, say so in the train section: ignore: 255.',
  ];
  reporter.report('masks-mean-two-things', parameters, { at, notes, help });
  return false;
}

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

/** Reports masks of two values without a 0: either may be the background. */
function reportNoZero(folder: string, levels: readonly number[], reporter: Reporter): void {
  const [low = 0, high = 0] = [...levels].sort((a, b) => a - b);
  const colour = (level: number): string => `[${level}, ${level}, ${level}]`;
  const table = (...of: readonly number[]): string => `colours: [${of.map(colour).join(', ')}]`;
  const help = ['Write 0 into every pixel of the background, and one other value into the rest.'];
  if (high <= MOST_GREY) {
    help.push(
      `For masks of 8 bits the train section can say it instead, the background first: ${table(low, high)} makes ${low} the background, ${table(high, low)} makes ${high} the background. In a palette PNG the colours of the palette count.`,
    );
  }
  reporter.report('mask-without-zero', { folder, low, high }, { at: atFile(folder), help });
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
