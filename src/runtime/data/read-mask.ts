import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import type { StoredMask } from './decode-image.js';
import type { Image } from './image.js';
import { alphaOf, type MaskAlpha } from './mask-alpha.js';
import {
  colourLevels,
  countLevels,
  describeColour,
  greyLevels,
  greysAsColours,
  indexedPalette,
  packColour,
  splitLevels,
  type MaskLevels,
} from './mask-levels.js';
import type { PairRules } from './pair-rules.js';

/** The levels of a mask, and what they are. */
export interface ReadLevels {
  readonly levels: MaskLevels;
  /** Whether they are packed colours. */
  readonly inColour: boolean;
  /** Where they are indices into a palette, its colours, three bytes each. */
  readonly palette?: Uint8Array | undefined;
}

/**
 * The levels of a mask, which have no meaning yet; undefined when a problem was
 * reported. Without rules a mask is what it looks like, grey or in colour.
 */
export function readLevels(
  mask: StoredMask,
  path: string,
  rules: PairRules | undefined,
  reporter: Reporter,
): ReadLevels | undefined {
  const at = atFile(path);
  const alpha = alphaOf(mask.decoded);
  // The index of a palette entry says its class, whatever it looks like.
  if (alpha === 'shape' || (alpha === 'hidden' && mask.palette === undefined)) {
    reportAlpha(alpha, path, reporter);
    return undefined;
  }
  const isByColour = rules?.colours !== undefined;
  if (mask.lossy) {
    const what = rules && unsplittable(rules);
    if (what !== undefined) {
      const help = ['Save the masks anew, as PNG or TIFF, from what they were drawn with.'];
      reporter.report('mask-lossy-classes', { mask: path, what }, { at, help });
      return undefined;
    }
    const split = readLossy(mask.image, path, reporter);
    if (split === undefined) return undefined;
    return { levels: isByColour ? greysAsColours(split) : split, inColour: isByColour };
  }
  if (isByColour) return { levels: colourLevels(mask), inColour: true };
  const levels = greyLevels(mask);
  if (levels !== undefined) return { levels, inColour: false, palette: indexedPalette(mask) };
  if (rules === undefined) return { levels: colourLevels(mask), inColour: true };
  const { help, notes } = adviseOnColours(mask, rules);
  reporter.report('mask-colours-without-table', { mask: path }, { at, notes, help });
  return undefined;
}

/** What a JPEG file cannot hold of what the recipe expects; undefined where its values can be split. */
function unsplittable({ classCount, colours, ignore = [] }: PairRules): string | undefined {
  if (classCount > 2) return `${classCount} classes`;
  if (ignore.length > 0) return 'pixels without a class';
  const ends = [0, packColour(255, 255, 255)];
  const isSplit = colours?.every((colour) => ends.includes(packColour(...colour))) !== false;
  return isSplit ? undefined : 'colours other than black and white';
}

function reportAlpha(alpha: MaskAlpha, path: string, reporter: Reporter): void {
  const found =
    alpha === 'shape'
      ? 'has one colour everywhere and its shape in the alpha channel'
      : 'has colours under transparent pixels';
  const help =
    alpha === 'shape'
      ? 'Save the alpha channel as a grey PNG: "magick MASK.png -alpha extract MASK.png" does.'
      : 'Save the mask without alpha, with the transparent pixels in the colour of their class.';
  reporter.report('mask-alpha', { mask: path, found }, { at: atFile(path), help: [help] });
}

/** More than this part of grey in between, and a lossy mask is no picture of two values. */
const MOST_MIDDLE = 0.25;

function readLossy(image: Image, path: string, reporter: Reporter): MaskLevels | undefined {
  const { levels, largest, middle } = splitLevels(image);
  const isDark = largest > 0 && largest < 128;
  if (!isDark && middle <= MOST_MIDDLE) return levels;
  const found = isDark
    ? `holds no value above ${largest}`
    : `has values from 64 to 191 in ${Math.round(100 * middle)} % of its pixels`;
  const help = [
    isDark
      ? 'JPEG cannot hold class indices: save the masks as PNG.'
      : 'It looks like a photograph: are images and masks swapped?',
  ];
  reporter.report('mask-lossy-unclear', { mask: path, found }, { at: atFile(path), help });
  return undefined;
}

/** Colours that a mask of classes never reaches. */
const MANY_COLOURS = 256;

function adviseOnColours(
  mask: StoredMask,
  { classCount, isSettled }: PairRules,
): { readonly help: readonly string[]; readonly notes: readonly string[] } {
  const { counts, hasMore } = countLevels(colourLevels(mask));
  if (hasMore || counts.size > MANY_COLOURS) {
    return {
      notes: [`It has more than ${MANY_COLOURS} colours.`],
      help: [
        'It looks like a photograph: are images and masks swapped? Soft edges and values to be regressed are not supported: every pixel of a mask is of one class.',
      ],
    };
  }
  const colours = [...counts.keys()].sort((a, b) => a - b);
  const listed = colours.slice(0, 8).map(describeColour).join(', ');
  const isOverlapping = isPlanes(colours) && colours.length > classCount;
  return {
    notes: [
      `Its colours are ${listed}${colours.length > 8 ? `, ... (${colours.length} in all)` : ''}.`,
      ...(isOverlapping
        ? [
            'If red, green and blue are classes of their own that overlap: such masks are not supported, every pixel is of one class.',
          ]
        : []),
    ],
    help: [
      isSettled
        ? 'Save it as the masks for training, with the number of its class in every pixel.'
        : `Name the colour of each class, class 0 first, in the train section: colors: [${listed}${colours.length > 8 ? ', ...' : ''}].`,
    ],
  };
}

/** Whether each part of each colour is nothing or full, and colours mix. */
function isPlanes(colours: readonly number[]): boolean {
  const isFull = (part: number): boolean => part === 0 || part === 255;
  return colours.every(
    (colour) => isFull(colour >> 16) && isFull((colour >> 8) & 255) && isFull(colour & 255),
  );
}
