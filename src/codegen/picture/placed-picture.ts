import type { Arrow, Box, Picture } from './picture.js';

/** A box with its place: the slab that stands for the tensor, in pixels of the picture. */
export interface PlacedBox {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The lines of text below the slab, from the first baseline down. */
  readonly lines: readonly string[];
}

/** An arrow as an SVG path, its head at the end. */
export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly path: string;
}

export interface PlacedPicture {
  readonly picture: Picture;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

/** Pixels between lines of text, and about one character's width at the size of the text. */
export const lineHeight = 15;
export const characterWidth = 6.7;

export const margin = 28;
/** Room for the model's name above. */
export const titleHeight = 44;
/** Room for the legend below. */
export const legendHeight = 44;

/** Channels make a slab wide and pixels make it high, both by their logarithms: networks span a thousandfold. */
export function slabOf(
  { channels, pixels, kind }: Box,
  largest: number,
): readonly [number, number] {
  if (kind === 'classification') return [14, 14];
  const width = 10 + 5.5 * Math.log2(1 + channels);
  const height = 104 * Math.max(0.22, 1 + Math.log2(Math.max(1, pixels[0]) / largest) / 6);
  return [Math.round(width), Math.round(height)];
}

/** The text below a slab: name and channels, then the size, on one line where both axes are alike. */
export function linesOf({ label, channels, size, kind }: Box): readonly string[] {
  const [height, width] = size;
  if (kind === 'classification') return [label, `${channels}`];
  const alike = height === width.replace(/\bW\b/g, 'H');
  const shown = `${height} x ${width}`;
  if (shown.length <= 18) return [`${label} · ${channels}`, shown];
  return alike
    ? [`${label} · ${channels}`, height, 'W alike']
    : [`${label} · ${channels}`, height, width];
}

/** A number of the picture, with one digit at most: the same text on every machine. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
