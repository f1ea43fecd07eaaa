import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { ValueRange } from '../../ir/scaling.js';
import { atFile } from './at-file.js';
import { describeChannels, hasAlpha, largestSample, type Image } from './image.js';
import { createPixels, type Pixels } from './pixels.js';

/** ITU-R BT.601 luma, the weights of JPEG, OpenCV and Pillow. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** What decides which inputs an image can feed. */
type ImageKind = Pick<Image, 'channels' | 'alpha'>;

/**
 * Whether an image can feed an input of `channels` channels: as it is, grey as
 * colour, colour as grey, and alpha left out. Bands are never dropped: of five
 * bands nobody can tell which three are meant.
 */
function canAdaptChannels(image: ImageKind, channels: number): boolean {
  if (channels === image.channels) return true;
  const colours = image.channels - (hasAlpha(image) ? 1 : 0);
  return isPicture(colours) && isPicture(channels);
}

const isPicture = (channels: number): boolean => channels === 1 || channels === 3;

/** The diagnostics for an image that cannot feed an input of `channels` channels; none where it can. */
export function checkChannels(
  image: ImageKind,
  channels: number,
  name: string,
): readonly Diagnostic[] {
  if (canAdaptChannels(image, channels)) return [];
  const found = describeChannels(image);
  const parameters = { file: name, channels: found, expected: channels };
  const help = [
    isPicture(channels)
      ? `Declare the input with ${image.channels} channels, or save the bands that count as files of their own; bands are never dropped unasked.`
      : `Declare the input with ${image.channels} ${image.channels === 1 ? 'channel' : 'channels'}, or use images of ${channels} bands.`,
  ];
  return [createDiagnostic('image-channels-mismatch', parameters, { at: atFile(name), help })];
}

/** The diagnostic for an image whose type ends below the end of a scaling's range, else undefined. */
export function checkRange(
  image: Pick<Image, 'depth'>,
  range: ValueRange | undefined,
  name: string,
): readonly Diagnostic[] {
  const largest = largestSample(image.depth);
  if (range === undefined || image.depth === 32 || range[1] <= largest) return [];
  const parameters = { file: name, depth: image.depth, largest, high: range[1] };
  const help = ['Give all images one type, or end the range of "scaling" with it.'];
  return [createDiagnostic('image-below-range', parameters, { at: atFile(name), help })];
}

/**
 * An image as floats of `channels` channels, 0 to 1 between the values of `range`, or
 * by the depth's largest value:
 *
 * - the image's own number of channels: taken as they are, alpha included;
 * - colour to 1: luma, `0.299 R + 0.587 G + 0.114 B`; grey to 3: repeated;
 * - alpha that has no channel to go to: the image is laid over black, so what
 *   is transparent is dark; opaque images lose nothing.
 *
 * Throws on a pair that `canAdaptChannels` refuses.
 */
export function imageToPixels(image: Image, channels: number, range?: ValueRange): Pixels {
  if (!canAdaptChannels(image, channels)) {
    throw new Error(`image of ${image.channels} channels given to an input of ${channels}`);
  }
  const pixels = createPixels(image.height, image.width, channels);
  const largest = largestSample(image.depth);
  const [low, high] = range ?? [0, largest];
  const factor = 1 / (high - low);
  const { data } = pixels;
  if (channels === image.channels) {
    for (let i = 0; i < data.length; i++) data[i] = (image.data[i]! - low) * factor;
    return pixels;
  }
  const isLaidOver = hasAlpha(image);
  const colour = image.channels >= 3;
  const count = image.width * image.height;
  for (let i = 0; i < count; i++) {
    const from = i * image.channels;
    const cover = isLaidOver ? image.data[from + image.channels - 1]! / largest : 1;
    const shade = factor * cover;
    const red = (image.data[from]! - low) * shade;
    const green = colour ? (image.data[from + 1]! - low) * shade : red;
    const blue = colour ? (image.data[from + 2]! - low) * shade : red;
    if (channels === 1) {
      data[i] = colour ? LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue : red;
    } else {
      data[3 * i] = red;
      data[3 * i + 1] = green;
      data[3 * i + 2] = blue;
    }
  }
  return pixels;
}
