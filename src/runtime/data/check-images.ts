import type { Reporter } from '../../diagnostics/report.js';
import type { ValueRange } from '../../ir/scaling.js';
import { atFile } from './at-file.js';
import { warnOfOtherBrightness, type ImageValues } from './check-brightness.js';
import { largestSample } from './image.js';
import type { SeenImage } from './image-facts.js';

/** Images that stay below this part of their type's range are told. */
const DARK = 1 / 4;

/** A 16-bit image this dark beside ones of more than `BRIGHT` was stored as 8 bits. */
const BYTE = 255;
const BRIGHT = 4095;

/** What the values of images are for. */
interface ImageRules {
  readonly inputChannels: number;
  /** Values of the files that count as 0 and 1; 0 and the largest of the file's type when absent. */
  readonly range?: ValueRange | undefined;
  /** Whether images are scaled by means and deviations of their own. */
  readonly isMeasured?: boolean | undefined;
  /** What the images held that the network was trained on; undefined where it is trained now, or sees no difference. */
  readonly trained?: readonly ImageValues[] | undefined;
}

/** Warns of images in which there is nothing to see: black ones come from exports that went wrong. */
export function warnOfPlainImages(
  folder: string,
  pairs: readonly SeenImage[],
  reporter: Reporter,
): void {
  const plain = pairs.filter(({ image }) => image.low === image.high);
  if (plain.length === 0) return;
  const parameters = { images: plain.length, example: plain[0]!.imagePath };
  const help = ['Look at the files: were they saved as they should be? Leave them out otherwise.'];
  reporter.report('images-of-one-value', parameters, { at: atFile(folder), help });
}

/** Warns where the values of images are not what a network is to see. */
export function checkImages(
  folder: string,
  pairs: readonly SeenImage[],
  { inputChannels, range, isMeasured, trained }: ImageRules,
  reporter: Reporter,
): void {
  const at = atFile(folder);
  warnOfPlainImages(folder, pairs, reporter);
  const transparent = pairs.filter(
    ({ image }) => image.isTransparent && image.channels !== inputChannels,
  );
  if (transparent.length > 0) {
    const parameters = { images: transparent.length, example: transparent[0]!.imagePath };
    const help = [
      'Save them without alpha, over the background that is meant, if it is not black.',
    ];
    reporter.report('images-transparent', parameters, { at, help });
  }
  const words = pairs.filter(({ image }) => image.depth === 16);
  const low = words.filter(({ image }) => image.high <= BYTE && image.high > image.low);
  const high = words.filter(({ image }) => image.high > BRIGHT);
  if (low.length > 0 && high.length > 0) {
    const parameters = {
      ...{ dark: low.length, example: low[0]!.imagePath, high: largestOf(low) },
      ...{ others: high.length, most: largestOf(high) },
    };
    const help = ['Store all images in one way; "standard" scaling gives each its own range.'];
    reporter.report('images-differ-in-range', parameters, { at, help });
  }
  warnOfBrightImages(folder, pairs, range, reporter);
  if (trained !== undefined) {
    // Dark images are right where the network knows no others.
    warnOfOtherBrightness(pairs, trained, range, reporter);
    return;
  }
  if (range !== undefined || isMeasured === true) return;
  warnOfNumbers(pairs, folder, reporter);
  for (const depth of [8, 16] as const) {
    const alike = pairs.filter(({ image }) => image.depth === depth);
    const most = largestOf(alike);
    if (most === 0 || most > largestSample(depth) * DARK) continue;
    const unit = (most / largestSample(depth)).toPrecision(2);
    const parameters = { depth, high: most, largest: largestSample(depth), unit };
    const white = 2 ** Math.ceil(Math.log2(most + 1)) - 1;
    const help = [
      `If ${white} is the largest value that they can have, say so in the train section: scaling: range(0, ${white}).`,
      '"scaling: standard" measures each image instead.',
    ];
    reporter.report('images-dark', parameters, { at, help });
  }
}

/** Floating-point images that are not of 0 to 1, though they are taken as they are. */
function warnOfNumbers(pairs: readonly SeenImage[], folder: string, reporter: Reporter): void {
  const numbers = pairs.filter(({ image }) => image.depth === 32);
  if (numbers.length === 0) return;
  const high = Math.max(...numbers.map(({ image }) => image.high));
  const low = Math.min(...numbers.map(({ image }) => image.low));
  if (low >= 0 && high <= 1 && high > DARK) return;
  const [from, to] = [low, high].map((value) => Number(value.toPrecision(3)));
  const help = [
    'Say in the train section what counts as 0 and as 1: scaling: range(LOW, HIGH).',
    '"scaling: standard" measures each image instead.',
  ];
  const parameters = { images: numbers.length, low: from!, high: to! };
  reporter.report('images-of-numbers', parameters, { at: atFile(folder), help });
}

function largestOf(pairs: readonly SeenImage[]): number {
  return pairs.reduce((most, { image }) => Math.max(most, image.high), 0);
}

/** Values above the end of the range count as more than 1: hardly what was meant where there are many. */
function warnOfBrightImages(
  folder: string,
  pairs: readonly SeenImage[],
  range: ValueRange | undefined,
  reporter: Reporter,
): void {
  const beyond = pairs.filter(({ image }) => range !== undefined && image.high > range[1]);
  const [first] = beyond;
  if (first === undefined) return;
  const { imagePath: file, image } = first;
  const parameters = { folder, file, value: image.high, count: beyond.length, high: range![1] };
  const help = ['End the range of "scaling" with the largest value that the images can have.'];
  reporter.report('images-beyond-range', parameters, { at: atFile(folder), help });
}
