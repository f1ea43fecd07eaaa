import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { createSamples, type Image, type WholeImage } from './image.js';

/** The largest number of a class or an object that masks hold. */
const LARGEST = 65_535;

/**
 * A mask of whole numbers, as programs also store them in 32 bits or as floating-point
 * numbers; undefined, and a report, where one of them is none or does not fit 16 bits.
 */
export function wholeNumbers(
  image: Image,
  name: string,
  reporter: Reporter,
): WholeImage | undefined {
  if (isWhole(image)) return image;
  const data = createSamples(16, image.data.length);
  for (const [at, value] of image.data.entries()) {
    if (!Number.isInteger(value) || value < 0 || value > LARGEST) {
      reporter.report('mask-not-whole', { mask: name, value }, { at: atFile(name) });
      return undefined;
    }
    data[at] = value;
  }
  return { ...image, depth: 16, data };
}

const isWhole = (image: Image): image is WholeImage => image.depth !== 32;
