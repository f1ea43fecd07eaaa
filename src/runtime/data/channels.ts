import type { Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { largestSample, type Image } from './image.js';
import { createPixels, type Pixels } from './pixels.js';

/** ITU-R BT.601 luma, the weights of JPEG, OpenCV and Pillow. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** Whether an image can feed an input of `channels` channels. */
export function canAdaptChannels(image: Image, channels: number): boolean {
  return channels === 1 || channels === 3 || channels === image.channels;
}

/** The diagnostic for an image that cannot feed an input of `channels` channels, else undefined. */
export function checkChannels(
  image: Image,
  channels: number,
  name: string,
): Result<Image>['diagnostics'] {
  if (canAdaptChannels(image, channels)) return [];
  const kind = ['', 'grey', 'grey with alpha', 'RGB', 'RGB with alpha'][image.channels] ?? '';
  const parameters = { file: name, channels: kind, expected: channels };
  const help = ['Declare the input with 1 or 3 channels, or convert the image.'];
  return [createDiagnostic('image-channels-mismatch', parameters, { at: atFile(name), help })];
}

/**
 * An image as floats of `channels` channels, 0 to 1 by the depth's largest value:
 *
 * - the image's own number of channels: taken as they are, alpha included;
 * - colour to 1: luma, `0.299 R + 0.587 G + 0.114 B`; grey to 3: repeated;
 * - alpha that has no channel to go to: the image is laid over black, so what
 *   is transparent is dark; opaque images lose nothing.
 *
 * Throws on a pair that `canAdaptChannels` refuses.
 */
export function imageToPixels(image: Image, channels: number): Pixels {
  if (!canAdaptChannels(image, channels)) {
    throw new Error(`image of ${image.channels} channels given to an input of ${channels}`);
  }
  const pixels = createPixels(image.height, image.width, channels);
  const factor = 1 / largestSample(image.depth);
  const { data } = pixels;
  if (channels === image.channels) {
    for (let i = 0; i < data.length; i++) data[i] = image.data[i]! * factor;
    return pixels;
  }
  const hasAlpha = image.channels === 2 || image.channels === 4;
  const colour = image.channels >= 3;
  const count = image.width * image.height;
  for (let i = 0; i < count; i++) {
    const from = i * image.channels;
    const cover = hasAlpha ? image.data[from + image.channels - 1]! * factor : 1;
    const red = image.data[from]! * factor * cover;
    const green = colour ? image.data[from + 1]! * factor * cover : red;
    const blue = colour ? image.data[from + 2]! * factor * cover : red;
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
