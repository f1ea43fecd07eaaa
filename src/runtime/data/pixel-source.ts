import type { ScalingPlan, ValueRange } from '../../ir/scaling.js';
import { imageToPixels } from './channels.js';
import { createSamples, type Image } from './image.js';
import type { Pixels } from './pixels.js';
import { copyPart, cutPixels, rowsOfPart } from './resample.js';
import { measureScaling, measureStrips, type Scaling } from './scaling.js';

/** An image of 0-to-1 values that need not be in memory as a whole. Reading rejects with `DataError`. */
export interface PixelSource {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The rows from `first` to before `end`. */
  rows(first: number, end: number): Promise<Pixels>;
  /** All rows from the top, some at a time. */
  strips(): AsyncIterable<Pixels>;
  /** The part that starts at (top, left), which may lie outside: mirrors fill it. */
  cut(top: number, left: number, height: number, width: number): Promise<Pixels>;
  /** How the image is scaled, measured over all of it. */
  scaling(plan: ScalingPlan): Promise<Scaling>;
}

/** An image in memory. */
export function sourceOf(pixels: Pixels): PixelSource {
  const { height, width, channels, data } = pixels;
  return {
    height,
    width,
    channels,
    rows: (first, end) => {
      const row = width * channels;
      return Promise.resolve({
        ...pixels,
        height: end - first,
        data: data.subarray(first * row, end * row),
      });
    },

    strips: async function* () {
      yield pixels;
    },
    cut: (...part) => Promise.resolve(cutPixels(pixels, ...part)),
    scaling: (plan) => Promise.resolve(measureScaling(pixels, plan)),
  };
}

/** The samples of an image, read in rows. */
export interface SampleSource extends Pick<Image, 'width' | 'height' | 'channels' | 'depth'> {
  /** The rows from `first` to before `end`, perhaps with others around them. */
  read(first: number, end: number): Promise<SampleRows>;
}

/** Rows of an image, from row `firstRow` on. */
export interface SampleRows {
  readonly rows: Image;
  readonly firstRow: number;
}

/** Floats of a strip: 16 MiB. */
const stripValues = 2 ** 22;

/**
 * An image of which only the samples of some rows are in memory, and the floats of a
 * window or a strip.
 *
 * @param channels of the network's input; the image's can be adapted to them.
 */
export function sourceOfSamples(
  samples: SampleSource,
  channels: number,
  range?: ValueRange,
): PixelSource {
  const { height, width } = samples;
  const rows = async (first: number, end: number): Promise<Pixels> => {
    const { rows: image, firstRow } = await samples.read(first, end);
    const row = width * image.channels;
    const data = image.data.subarray((first - firstRow) * row, (end - firstRow) * row);
    return imageToPixels({ ...image, height: end - first, data }, channels, range);
  };
  async function* strips(): AsyncGenerator<Pixels> {
    const count = Math.max(1, Math.floor(stripValues / (width * channels)));
    for (let first = 0; first < height; first += count) {
      yield await rows(first, Math.min(height, first + count));
    }
  }
  return {
    height,
    width,
    channels,
    rows,
    strips,
    cut: async (top, left, partHeight, partWidth) => {
      const { rows: image, firstRow } = await samples.read(...rowsOfPart(top, partHeight, height));
      const length = partHeight * partWidth * image.channels;
      const data = createSamples(image.depth, length);
      const part = { ...image, height: partHeight, width: partWidth, data };
      copyPart({ rows: image, firstRow, height }, top, left, part);
      return imageToPixels(part, channels, range);
    },
    scaling: (plan) => measureStrips(strips(), plan),
  };
}
