import { createSamples, largestSample, type WholeImage } from './image.js';
import type { Colour } from './mask-encoding.js';
import { createClassMask, createPixels, IGNORED, type ClassMask, type Pixels } from './pixels.js';

/**
 * Colours of the classes from 1 on where a recipe names none: Okabe and Ito
 * 2008, told apart by colour-blind eyes too. Used again from the start when
 * classes are many.
 */
const CLASS_COLOURS: readonly Colour[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
  [0, 114, 178],
];

/** How much of a class's colour lies over its inside; contours are opaque. */
const TINT = 0.3;

/**
 * The classes of a probability map. One channel: class 1 above `threshold`.
 * Several: the likeliest, the first one of equals. Values that are no numbers
 * count as least likely.
 */
export function classesOfProbabilities(probabilities: Pixels, threshold: number): ClassMask {
  const { height, width, channels, data } = probabilities;
  const mask = createClassMask(height, width);
  for (let i = 0; i < mask.data.length; i++) {
    if (channels === 1) {
      mask.data[i] = data[i]! > threshold ? 1 : 0;
      continue;
    }
    let best = 0;
    for (let c = 1; c < channels; c++) {
      const isBetter = data[i * channels + c]! > data[i * channels + best]!;
      if (isBetter || Number.isNaN(data[i * channels + best]!)) best = c;
    }
    mask.data[i] = best;
  }
  return mask;
}

/** How an overlay, or a strip of one, is drawn. */
export interface OverlayOptions {
  /** Colours of the classes; the usual ones when absent. */
  readonly colours?: readonly Colour[] | undefined;
  /** What values are multiplied by for display; measured on the image when absent. */
  readonly gain?: number;
  /** Rows that the mask has above the image: neighbours, so that contours go on over strips. */
  readonly rowsAbove?: number;
}

/**
 * The image, grey or RGB of 0 to 1, with each class but 0 tinted and outlined
 * in its colour: 8-bit RGB. Dark images are brightened, for display alone. Image
 * and mask have one width; the mask may have more rows above and below.
 */
export function renderOverlay(
  image: Pixels,
  mask: ClassMask,
  { colours, gain = gainOf(image), rowsAbove = 0 }: OverlayOptions = {},
): WholeImage {
  const { width, height, channels } = image;
  if (mask.width !== width || mask.height < rowsAbove + height) {
    throw new Error('mask of another size');
  }
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const row = rowsAbove + y;
      const found = mask.data[row * width + x]!;
      const isMarked = found !== 0 && found !== IGNORED;
      const cover = !isMarked ? 0 : isContour(mask, row, x) ? 1 : TINT;
      const colour = overlayColour(found, colours);
      for (let c = 0; c < 3; c++) {
        const grey = toLevel(gain * image.data[at * channels + (channels >= 3 ? c : 0)]!, 8);
        data[3 * at + c] = Math.round((1 - cover) * grey + cover * colour[c]!);
      }
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}

/** What covers pixels without a class. */
const IGNORED_COLOUR = [128, 128, 128, 115] as const;

/**
 * The classes of a mask alone, as they lie over an image in `renderOverlay`: 8-bit RGBA, each
 * class but 0 tinted and outlined on transparent ground, pixels without a class grey.
 *
 * @param line how wide outlines are, in pixels.
 */
export function renderLayer(
  mask: ClassMask,
  colours: readonly Colour[] | undefined,
  line: number,
): WholeImage {
  const { width, height } = mask;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const found = mask.data[at]!;
      if (found === 0) continue;
      if (found === IGNORED) {
        data.set(IGNORED_COLOUR, 4 * at);
        continue;
      }
      const cover = isContour(mask, y, x, line) ? 1 : TINT;
      data.set([...overlayColour(found, colours), Math.round(255 * cover)], 4 * at);
    }
  }
  return { width, height, channels: 4, depth: 8, data };
}

/** An image, grey or RGB of 0 to 1, as 8-bit RGB; dark ones are brightened, for display alone. */
export function brightened(image: Pixels): WholeImage {
  const { width, height, channels } = image;
  const gain = gainOf(image);
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    for (let c = 0; c < 3; c++) {
      const value = image.data[at * channels + (channels >= 3 ? c : 0)]!;
      data[3 * at + c] = toLevel(gain * value, 8);
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}

/**
 * A mask as a picture, such that it can serve as a mask again: the recipe's
 * colours where there are any, else 0 and 255 for two classes, else the class
 * indices as grey levels.
 */
export function renderMask(
  mask: ClassMask,
  classCount: number,
  colours?: readonly Colour[] | undefined,
): WholeImage {
  const { width, height } = mask;
  if (colours !== undefined) {
    const data = new Uint8Array(width * height * 3);
    mask.data.forEach((found, i) => data.set(colours[found] ?? [0, 0, 0], 3 * i));
    return { width, height, channels: 3, depth: 8, data };
  }
  const data = classCount <= 2 ? mask.data.map((found) => (found === 1 ? 255 : 0)) : mask.data;
  return { width, height, channels: 1, depth: 8, data };
}

/** Of several channels the probability of the likeliest one, which is painted. */
export function likeliestOf({ height, width, channels, data }: Pixels): Pixels {
  const likeliest = createPixels(height, width, 1);
  for (let i = 0; i < likeliest.data.length; i++) {
    let most = 0;
    for (let c = 0; c < channels; c++) most = Math.max(most, data[i * channels + c]! || 0);
    likeliest.data[i] = most;
  }
  return likeliest;
}

/** A probability map as one grey picture a channel: 0 is black, 1 is white; what lies outside is clipped. */
export function renderProbabilities(probabilities: Pixels, depth: 8 | 16): readonly WholeImage[] {
  const { width, height, channels } = probabilities;
  return Array.from({ length: channels }, (_, c) => {
    const data = createSamples(depth, width * height);
    for (let i = 0; i < data.length; i++) {
      data[i] = toLevel(probabilities.data[i * channels + c]!, depth);
    }
    return { width, height, channels: 1, depth, data };
  });
}

function toLevel(value: number, depth: 8 | 16): number {
  const unit = value > 0 ? Math.min(1, value) : 0;
  return Math.round(unit * largestSample(depth));
}

/** The colours of all classes in pictures, the first one black. */
export function paletteOf(classCount: number): readonly Colour[] {
  return Array.from({ length: classCount }, (_, c) =>
    c === 0 ? ([0, 0, 0] as const) : overlayColour(c, undefined),
  );
}

/** A brightest hundredth below this is a dark image. */
const DARK = 0.5;

/** Counts how bright the values of an image are, strip by strip. */
export class BrightnessCount {
  readonly #bins = new Float64Array(1024);
  #count = 0;

  add({ data }: Pixels): void {
    for (const value of data) {
      this.#bins[Math.min(1023, Math.max(0, Math.floor(value * 1024)))]! += 1;
    }
    this.#count += data.length;
  }

  /** What values are multiplied by for display: dark images are stretched to white, others are left as they are. */
  gain(): number {
    let above = 0;
    let level = 1023;
    for (; level > 0; level--) {
      above += this.#bins[level]!;
      if (above > this.#count / 100) break;
    }
    const bright = (level + 1) / 1024;
    return bright < DARK ? 1 / bright : 1;
  }
}

function gainOf(image: Pixels): number {
  const count = new BrightnessCount();
  count.add(image);
  return count.gain();
}

/** The colour of a class in overlays: the recipe's, or else one of a fixed row. */
export function overlayColour(found: number, colours: readonly Colour[] | undefined): Colour {
  const chosen = colours?.[found];
  if (chosen !== undefined) return chosen;
  return CLASS_COLOURS[(found + CLASS_COLOURS.length - 1) % CLASS_COLOURS.length]!;
}

/** Whether a pixel so many steps above, below, left or right has another class. */
function isContour(mask: ClassMask, y: number, x: number, steps = 1): boolean {
  const { width, height, data } = mask;
  const at = y * width + x;
  return (
    (x >= steps && data[at - steps] !== data[at]) ||
    (x < width - steps && data[at + steps] !== data[at]) ||
    (y >= steps && data[at - steps * width] !== data[at]) ||
    (y < height - steps && data[at + steps * width] !== data[at])
  );
}
