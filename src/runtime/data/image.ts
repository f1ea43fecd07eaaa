/** Bits of a sample: unsigned whole numbers of 8 or 16, or floating-point numbers of 32. */
export type Depth = 8 | 16 | 32;
export const depths: readonly Depth[] = [8, 16, 32];

/** The samples of an image, as the file holds them. */
export type Samples = WholeSamples | Float32Array;
export type WholeSamples = Uint8Array | Uint16Array;

/**
 * A decoded image: rows from the top, pixels from the left, channels
 * interleaved (`data[(y * width + x) * channels + c]`). Values are the file's
 * own, 0 to 255, 0 to 65535 or any: no gamma, no colour profile is applied. Alpha,
 * where there is one, is the last channel and is not multiplied in.
 *
 * One channel is grey, three are red, green and blue; other numbers are bands of
 * the file's own meaning, unless alpha follows grey or colour.
 */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Whether the last channel is alpha; when absent, it is in images of 2 and of 4 channels. */
  readonly alpha?: boolean;
  readonly depth: Depth;
  readonly data: Samples;
}

/** An image of whole numbers: a picture, or what masks store. */
export interface WholeImage extends Image {
  readonly depth: 8 | 16;
  readonly data: WholeSamples;
}

/** An image of at most this many pixels is read; a larger one is refused before it is decoded. */
export const PIXEL_LIMIT = 2 ** 28;

/**
 * The value that counts as 1 unless a scaling says otherwise: the largest one of whole numbers,
 * 255 or 65535. Floating-point images have no largest value; theirs is 1, as usual for them.
 */
export function largestSample(depth: Depth): number {
  return depth === 8 ? 255 : depth === 16 ? 65535 : 1;
}

/** The kind of samples, for messages. */
export const describeDepth = (depth: Depth): string =>
  depth === 32 ? 'floating point' : `${depth} bits`;

/** Whether the last channel of an image is alpha. */
export function hasAlpha({ channels, alpha }: Pick<Image, 'channels' | 'alpha'>): boolean {
  return alpha ?? (channels === 2 || channels === 4);
}

/** What an image is, for messages: `grey`, `RGB with alpha`, `of 5 bands`. */
export function describeChannels(image: Pick<Image, 'channels' | 'alpha'>): string {
  const colours = image.channels - (hasAlpha(image) ? 1 : 0);
  const plain = colours === 1 ? 'grey' : colours === 3 ? 'RGB' : `of ${colours} bands`;
  return hasAlpha(image) ? `${plain} with alpha` : plain;
}

/** Samples of `depth` bits, all zero. */
export function createSamples(depth: 8 | 16, length: number): WholeSamples;
export function createSamples(depth: Depth, length: number): Samples;
export function createSamples(depth: Depth, length: number): Samples {
  if (depth === 32) return new Float32Array(length);
  return depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
}

/**
 * The upright image of one stored under an EXIF orientation, 1 to 8 as in the
 * EXIF 2.3 specification (tag 0x0112). Orientations 5 to 8 swap width and
 * height; 1 and unknown values return the image itself.
 */
export function orientImage<Kind extends Image>(image: Kind, orientation: number): Kind {
  if (!(orientation >= 2 && orientation <= 8)) return image;
  const swapped = orientation >= 5;
  const width = swapped ? image.height : image.width;
  const height = swapped ? image.width : image.height;
  const mirrorX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const mirrorY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const { channels } = image;
  const data = createSamples(image.depth, image.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across = swapped ? y : x;
      const down = swapped ? x : y;
      const fromX = mirrorX ? image.width - 1 - across : across;
      const fromY = mirrorY ? image.height - 1 - down : down;
      const from = (fromY * image.width + fromX) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = image.data[from + c]!;
    }
  }
  return { ...image, width, height, data };
}
