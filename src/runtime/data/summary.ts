import type { DrawnCounts } from './annotations/read-annotations.js';
import type { SplitName } from './folder.js';
import type { Depth } from './image.js';
import type { InspectedPair } from './inspect-pairs.js';
import { classOfLevel, type MaskEncoding } from './mask-encoding.js';
import { IGNORED } from './pixels.js';
import type { TargetRule } from './read-target.js';
import { summariseTargets, type TargetSummary } from './target-facts.js';

/** Images of one kind. */
export interface ImageKind {
  readonly channels: number;
  /** Whether the last channel is alpha. */
  readonly alpha: boolean;
  readonly depth: Depth;
  readonly images: number;
  /** The smallest and the largest value of all of them, alpha aside. */
  readonly low: number;
  readonly high: number;
}

/** A value of masks: a grey level, or a colour as a 24-bit number. */
export interface LevelShare {
  readonly level: number;
  readonly pixels: number;
  /** The masks that hold it. */
  readonly masks: number;
  /** The class that it stands for, null where it has none; undefined where nothing says so. */
  readonly class?: number | null | undefined;
}

/** What one part of a data set holds. */
export interface SplitSummary {
  readonly name: SplitName;
  /** The pairs without faults. */
  readonly pairs: number;
  /** From the smallest to the largest, each axis for itself; undefined without pairs. */
  readonly sizes:
    | {
        readonly height: readonly [least: number, most: number];
        readonly width: readonly [least: number, most: number];
        /** How many different ones there are. */
        readonly count: number;
      }
    | undefined;
  readonly images: readonly ImageKind[];
  readonly transparentImages: number;
  /** Pixels of all masks. */
  readonly pixels: number;
  /** Whether levels are colours. */
  readonly inColour: boolean;
  /** The values of the masks, the most frequent first. */
  readonly levels: readonly LevelShare[];
  /** Whether there are further values, which are not counted. */
  readonly hasMoreLevels: boolean;
  /** Masks with one value alone. */
  readonly plainMasks: number;
  /** Pixels by class; undefined where nothing says what values mean. */
  readonly classes: readonly number[] | undefined;
  /** Masks that hold the class, by class; undefined with `classes`. */
  readonly classMasks: readonly number[] | undefined;
  /** Pixels without a class. */
  readonly ignoredPixels: number;
  /** Masks without a pixel of a class but the first. */
  readonly emptyMasks: number;
  /** What heads with targets of their own learn, where these are read from files; older run folders lack it. */
  readonly targets?: readonly TargetSummary[] | undefined;
  /** What was drawn from outlines; undefined where masks store every pixel. */
  readonly drawn?: DrawnSummary | undefined;
}

/** What was drawn from the outlines of objects. */
export interface DrawnSummary extends DrawnCounts {
  /** Images without an object. */
  readonly unannotated: number;
}

/** Values listed at most. */
const MOST_LEVELS = 300;

/**
 * Sums up one part of a data set.
 *
 * @param meaning what mask values mean, and the number of classes; undefined where nothing says so.
 * @param targets that heads have of their own.
 */
export function summariseSplit(
  name: SplitName,
  pairs: readonly InspectedPair[],
  meaning: { readonly encoding: MaskEncoding; readonly classCount: number } | undefined,
  targets: readonly TargetRule[] = [],
): SplitSummary {
  const levels = new Map<number, { pixels: number; masks: number }>();
  const classes = new Array<number>(meaning?.classCount ?? 0).fill(0);
  const classMasks = classes.slice();
  let hasMoreLevels = false;
  let pixels = 0;
  let ignoredPixels = 0;
  let emptyMasks = 0;
  for (const { counts, hasMore, width, height } of pairs) {
    pixels += width * height;
    hasMoreLevels ||= hasMore;
    const present = new Set<number>();
    for (const [level, count] of counts) {
      const known = levels.get(level);
      if (known === undefined && levels.size === MOST_LEVELS) hasMoreLevels = true;
      else {
        const { pixels: sum, masks } = known ?? { pixels: 0, masks: 0 };
        levels.set(level, { pixels: sum + count.pixels, masks: masks + 1 });
      }
      const found = meaning === undefined ? level : classOfLevel(level, meaning.encoding);
      if (found === undefined || (meaning !== undefined && found === IGNORED)) {
        if (found !== undefined) ignoredPixels += count.pixels;
        continue;
      }
      present.add(found);
      if (meaning !== undefined) classes[found]! += count.pixels;
    }
    if (meaning !== undefined) for (const found of present) classMasks[found]! += 1;
    if (present.size === (present.has(0) ? 1 : 0)) emptyMasks++;
  }
  const shares = [...levels].map(([level, share]): LevelShare => {
    if (meaning === undefined) return { level, ...share };
    const found = classOfLevel(level, meaning.encoding);
    return { level, ...share, class: found === IGNORED ? null : found };
  });
  return {
    name,
    pairs: pairs.length,
    sizes: sizesOf(pairs),
    images: kindsOf(pairs),
    transparentImages: pairs.filter(({ image }) => image.isTransparent).length,
    pixels,
    inColour: pairs.some(({ inColour }) => inColour),
    levels: shares.sort((a, b) => b.pixels - a.pixels || a.level - b.level),
    hasMoreLevels,
    plainMasks: pairs.filter(({ counts }) => counts.size === 1).length,
    classes: meaning === undefined ? undefined : classes,
    classMasks: meaning === undefined ? undefined : classMasks,
    ignoredPixels,
    emptyMasks,
    targets: summariseTargets(
      targets,
      pairs.map(({ targetFacts }) => targetFacts),
      pixels,
    ),
    drawn: sumDrawn(pairs),
  };
}

function sumDrawn(pairs: readonly InspectedPair[]): DrawnSummary | undefined {
  const drawn = pairs.flatMap((pair) => pair.drawn ?? []);
  if (drawn.length === 0) return undefined;
  const sum = (count: (each: DrawnCounts) => number): number =>
    drawn.reduce((total, each) => total + count(each), 0);
  return {
    objects: sum(({ objects }) => objects),
    overlapping: sum(({ overlapping }) => overlapping),
    unannotated: sum(({ objects }) => (objects === 0 ? 1 : 0)),
  };
}

function sizesOf(pairs: readonly InspectedPair[]): SplitSummary['sizes'] {
  const [first] = pairs;
  if (first === undefined) return undefined;
  const sizes = { height: [first.height, first.height], width: [first.width, first.width] };
  const seen = new Set<string>();
  for (const { width, height } of pairs) {
    seen.add(`${width} x ${height}`);
    sizes.height = [Math.min(sizes.height[0]!, height), Math.max(sizes.height[1]!, height)];
    sizes.width = [Math.min(sizes.width[0]!, width), Math.max(sizes.width[1]!, width)];
  }
  const [least = 0, most = 0] = sizes.height;
  const [narrow = 0, wide = 0] = sizes.width;
  return { height: [least, most], width: [narrow, wide], count: seen.size };
}

function kindsOf(pairs: readonly InspectedPair[]): readonly ImageKind[] {
  const kinds = new Map<string, ImageKind>();
  for (const { image } of pairs) {
    const { channels, alpha, depth, low, high } = image;
    const key = `${channels} ${alpha} ${depth}`;
    const known = kinds.get(key) ?? { channels, alpha, depth, images: 0, low, high };
    kinds.set(key, {
      ...known,
      images: known.images + 1,
      low: Math.min(known.low, low),
      high: Math.max(known.high, high),
    });
  }
  return [...kinds.values()].sort((a, b) => b.images - a.images);
}
