import type { StoredMask } from './decode-image.js';
import { largestSample, type Image, type WholeImage } from './image.js';

/** One number a pixel that stands for its class in a way still to be settled. */
export interface MaskLevels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array | Uint32Array;
}

/** How often a level occurs, and the offset of its first pixel. */
export interface LevelCount {
  pixels: number;
  readonly first: number;
}

const SPLIT = 128;

/**
 * The levels of a mask without a table of colours; undefined when it is in
 * colour. An RGB file whose channels agree everywhere counts as grey. A palette
 * of greys alone is read as the greys (tools write black-and-white masks in
 * that way, in any order); any other palette gives its indices, as PASCAL VOC
 * masks mean it. Alpha is dropped; `alphaOf` tells where it says something.
 */
export function greyLevels(mask: StoredMask): MaskLevels | undefined {
  const { image, palette } = mask;
  const { width, height } = image;
  if (palette !== undefined) {
    const greys = greyPalette(palette);
    const data = greys === undefined ? image.data : image.data.map((index) => greys[index] ?? 0);
    return { width, height, data };
  }
  const data = firstChannelIfGrey(image);
  return data && { width, height, data };
}

/** A lossy mask of two classes, and whether two values shine through its blur. */
export interface SplitLevels {
  readonly levels: MaskLevels;
  /** The largest value, 0 to 255. */
  readonly largest: number;
  /** The part of the pixels that are neither dark nor bright: from 64 to 191. */
  readonly middle: number;
}

/** The levels of a lossy mask of two classes: 0 where the mean of the channels is below half, else 255. */
export function splitLevels(image: Image): SplitLevels {
  const data = new Uint8Array(image.width * image.height);
  const colours = image.channels >= 3 ? 3 : 1;
  const unit = (largestSample(image.depth) * colours) / 255;
  let largest = 0;
  let between = 0;
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (let c = 0; c < colours; c++) sum += image.data[i * image.channels + c]!;
    data[i] = sum >= SPLIT * unit ? 255 : 0;
    if (sum > largest) largest = sum;
    if (sum >= (SPLIT / 2) * unit && sum < 1.5 * SPLIT * unit) between++;
  }
  const levels = { width: image.width, height: image.height, data };
  return { levels, largest: Math.round(largest / unit), middle: between / data.length };
}

/** The colours of a mask as 24-bit numbers; grey is a colour of three equal parts, of 16-bit samples those are colours of 8 bits that stand for one exactly. */
export function colourLevels(mask: StoredMask): MaskLevels {
  const { image, palette } = mask;
  const { width, height, channels } = image;
  const data = new Uint32Array(width * height);
  const unit = image.depth === 16 ? 257 : 1;
  for (let i = 0; i < data.length; i++) {
    if (palette !== undefined) {
      const entry = 3 * image.data[i]!;
      data[i] = packColour(palette[entry] ?? 0, palette[entry + 1] ?? 0, palette[entry + 2] ?? 0);
    } else {
      const part = (c: number): number =>
        image.data[i * channels + (channels >= 3 ? c : 0)]! / unit;
      const parts = [part(0), part(1), part(2)] as const;
      const [red, green, blue] = parts.map(Math.floor) as [number, number, number];
      data[i] = packColour(red, green, blue) + (parts.every(Number.isInteger) ? 0 : BETWEEN);
    }
  }
  return { width, height, data };
}

/** Grey levels of 8 bits as colours. */
export function greysAsColours({ width, height, data }: MaskLevels): MaskLevels {
  return { width, height, data: Uint32Array.from(data, (grey) => packColour(grey, grey, grey)) };
}

/** Marks a colour of 16 bits between two of 8 bits: no table has it. */
const BETWEEN = 2 ** 24;

export function packColour(red: number, green: number, blue: number): number {
  return red * 65536 + green * 256 + blue;
}

/** The colour as people write it: `[255, 0, 128]`. */
export function describeColour(level: number): string {
  const parts = `[${(level >> 16) & 255}, ${(level >> 8) & 255}, ${level & 255}]`;
  return level < BETWEEN ? parts : `${parts} and more, in 16 bits`;
}

/** More levels than any masks of classes have: from here on a mask is a picture. */
const MOST_COUNTED = 300;

/** The levels of a mask with their counts, in order of appearance. */
export interface LevelCounts {
  readonly counts: ReadonlyMap<number, LevelCount>;
  /** Whether there are further levels, which are not counted. */
  readonly hasMore: boolean;
}

/** Counts the levels of a mask, the first 300 of them. */
export function countLevels(levels: MaskLevels): LevelCounts {
  const counts = new Map<number, LevelCount>();
  let current: LevelCount | undefined;
  let level = -1;
  let hasMore = false;
  levels.data.forEach((value, offset) => {
    if (value !== level) {
      level = value;
      current = counts.get(value);
      if (current === undefined) {
        if (counts.size === MOST_COUNTED) {
          hasMore = true;
          return;
        }
        current = { pixels: 0, first: offset };
        counts.set(value, current);
      }
    }
    if (current !== undefined) current.pixels++;
  });
  return { counts, hasMore };
}

/** The palette whose indices `greyLevels` gives; undefined where it gives greys. */
export function indexedPalette({ palette }: StoredMask): Uint8Array | undefined {
  return palette !== undefined && greyPalette(palette) === undefined ? palette : undefined;
}

/** The colours of grey levels, or of indices into a palette: what a table `colours` names them by. */
export function colourOfLevel(level: number, palette: Uint8Array | undefined): number {
  if (palette === undefined) return packColour(level, level, level);
  const [red = 0, green = 0, blue = 0] = palette.subarray(3 * level, 3 * level + 3);
  return packColour(red, green, blue);
}

function greyPalette(palette: Uint8Array): Uint8Array | undefined {
  const greys = new Uint8Array(palette.length / 3);
  for (let i = 0; i < greys.length; i++) {
    const [red, green, blue] = palette.subarray(3 * i, 3 * i + 3);
    if (red !== green || green !== blue) return undefined;
    greys[i] = red!;
  }
  return greys;
}

function firstChannelIfGrey(image: WholeImage): Uint8Array | Uint16Array | undefined {
  const { channels, data } = image;
  if (channels === 1) return data;
  const count = image.width * image.height;
  const levels = image.depth === 8 ? new Uint8Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const from = i * channels;
    if (channels >= 3 && (data[from] !== data[from + 1] || data[from] !== data[from + 2])) {
      return undefined;
    }
    levels[i] = data[from]!;
  }
  return levels;
}
