import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { createSamples, type Image } from './image.js';

/** Opens an image for the decoder: encoded bytes, raw samples with `raw`, or the path of a file. */
export async function openImage(
  input: Uint8Array | Uint16Array | string,
  options: SharpOptions,
): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  return sharp(input, { limitInputChannels: 0, ...options });
}

/** Rows of an image, from the top. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/**
 * The samples of an opened image, or of some of its rows: 8-bit or 16-bit as in the file,
 * grey or RGB, alpha last where there is one. Not turned by its EXIF orientation.
 * Rejects with the decoder's error.
 */
export async function samplesOf(image: Sharp, metadata: Metadata, rows?: RowRange): Promise<Image> {
  const wide = metadata.depth === 'ushort';
  const grey = metadata.space === 'b-w' || metadata.space === 'grey16';
  // A grey output space would drop the alpha channel: such images go through RGB.
  const throughColour = !grey || metadata.hasAlpha;
  const space = wide ? (throughColour ? 'rgb16' : 'grey16') : throughColour ? 'srgb' : 'b-w';
  const part = rows
    ? image.extract({
        left: 0,
        top: rows.first,
        width: metadata.width,
        height: rows.end - rows.first,
      })
    : image;
  const { data, info } = await part
    .toColourspace(space)
    .raw({ depth: wide ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = wide ? asWords(data) : new Uint8Array(data.buffer, data.byteOffset, data.length);
  const decoded: Image = { width, height, channels, depth: wide ? 16 : 8, data: samples };
  return grey && metadata.hasAlpha ? greyWithAlpha(decoded) : decoded;
}

function asWords(bytes: Buffer): Uint16Array {
  const isAligned = bytes.byteOffset % 2 === 0;
  const whole = isAligned ? bytes : new Uint8Array(bytes);
  return new Uint16Array(whole.buffer, whole.byteOffset, whole.length >> 1);
}

function greyWithAlpha(image: Image): Image {
  const pixels = image.width * image.height;
  const data = createSamples(image.depth, pixels * 2);
  for (let i = 0; i < pixels; i++) {
    data[2 * i] = image.data[i * image.channels]!;
    data[2 * i + 1] = image.data[i * image.channels + image.channels - 1]!;
  }
  return { ...image, channels: 2, data };
}
