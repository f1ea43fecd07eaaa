import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import type { StoredMask } from './image-files.js';
import type { Image } from './image.js';
import { alphaOf, type MaskAlpha } from './mask-alpha.js';
import {
  colourLevels,
  countLevels,
  describeColour,
  greyLevels,
  splitLevels,
  type MaskLevels,
} from './mask-levels.js';
import type { PairRules } from './pair-rules.js';

/** The levels of a mask, and whether they are packed colours. */
export interface ReadLevels {
  readonly levels: MaskLevels;
  readonly inColour: boolean;
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
  if (mask.lossy && rules !== undefined && (rules.byColour || rules.classCount > 2)) {
    const help = ['Save the masks anew, as PNG or TIFF, from what they were drawn with.'];
    reporter.report('mask-lossy-classes', { mask: path, classes: rules.classCount }, { at, help });
    return undefined;
  }
  if (rules?.byColour === true) return { levels: colourLevels(mask), inColour: true };
  const levels = mask.lossy ? readLossy(mask.image, path, reporter) : greyLevels(mask);
  if (levels !== undefined) return { levels, inColour: false };
  if (mask.lossy) return undefined;
  if (rules === undefined) return { levels: colourLevels(mask), inColour: true };
  const { help, notes } = adviseOnColours(mask, rules);
  reporter.report('mask-colours-without-table', { mask: path }, { at, notes, help });
  return undefined;
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
  { classCount }: PairRules,
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
      `Name the colour of each class, class 0 first, in the train section: colours: [${listed}${colours.length > 8 ? ', ...' : ''}].`,
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
