import type { Metadata } from 'sharp';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { FileError, readBytes, replaceFile } from '../../files/index.js';
import { atFile, reasonOf } from './at-file.js';
import { orientImage, PIXEL_LIMIT, type Image } from './image.js';
import { readPngSamples, type PngSamples } from './png-samples.js';
import { openImage, samplesOf } from './samples-of.js';
import { readTiffBands } from './tiff-bands.js';

/**
 * A decoded mask file before its values have a meaning. `palette` is present
 * when `image` holds indices into it (three bytes an entry); `lossy` when the
 * format blurs values (JPEG).
 */
export interface StoredMask {
  readonly image: Image;
  /** The same as it looks: palettes as colours, with alpha where the file has it. */
  readonly decoded: Image;
  readonly palette: Uint8Array | undefined;
  readonly lossy: boolean;
}

/** Files with a fault anywhere are refused, profiles are ignored. */
const sampleOptions = {
  failOn: 'error',
  ignoreIcc: true,
  limitInputPixels: PIXEL_LIMIT,
} as const;

const FORMATS: readonly string[] = ['png', 'jpeg', 'tiff'];

/** Reads and decodes an image file; the value is undefined when that is impossible. */
export async function readImage(path: string): Promise<Result<Image | undefined>> {
  return withBytes(path, (bytes) => decodeImage(bytes, path));
}

/** Reads and decodes a mask file; the value is undefined when that is impossible. */
export async function readMaskFile(path: string): Promise<Result<StoredMask | undefined>> {
  return withBytes(path, (bytes) => decodeMaskFile(bytes, path));
}

/**
 * Decodes a PNG, JPEG or TIFF of one page, upright by its EXIF orientation.
 * Palettes become colours and 1-, 2- and 4-bit levels are stretched to 8 bits.
 * Samples keep the file's values: embedded profiles and gamma are ignored;
 * only CMYK is converted, to RGB. A TIFF may have any number of bands.
 */
export async function decodeImage(bytes: Buffer, name: string): Promise<Result<Image | undefined>> {
  const reporter = new Reporter();
  const metadata = await checkImage(bytes, name, reporter);
  const image = metadata && (await decodeSamples(bytes, name, metadata, reporter));
  return { value: image, diagnostics: reporter.diagnostics };
}

/**
 * As `decodeImage`, but keeps what the file stores for palette and grey PNGs:
 * palette indices and unstretched levels, which are the class indices.
 */
export async function decodeMaskFile(
  bytes: Buffer,
  name: string,
): Promise<Result<StoredMask | undefined>> {
  const reporter = new Reporter();
  const metadata = await checkImage(bytes, name, reporter);
  const decoded = metadata && (await decodeSamples(bytes, name, metadata, reporter));
  if (metadata === undefined || decoded === undefined) {
    return { value: undefined, diagnostics: reporter.diagnostics };
  }
  let stored: PngSamples | undefined;
  try {
    if (metadata.format === 'png') stored = readPngSamples(bytes);
  } catch (problem) {
    reportUnreadable(name, problem, reporter);
    return { value: undefined, diagnostics: reporter.diagnostics };
  }
  const value: StoredMask = {
    image: stored === undefined ? decoded : toImage(stored, metadata.orientation ?? 1),
    decoded,
    palette: stored?.palette,
    lossy: metadata.format === 'jpeg',
  };
  return { value, diagnostics: reporter.diagnostics };
}

/** Writes an image as a PNG file, whole or not at all; returns what went wrong, or undefined. */
export async function writeImage(path: string, image: Image): Promise<Diagnostic | undefined> {
  const png = await encodePng(image);
  try {
    await replaceFile(path, png);
    return undefined;
  } catch (problem) {
    return notWritten(path, problem);
  }
}

/** The diagnostic for a picture that could not be written; throws what is no `FileError` again. */
export function notWritten(path: string, problem: unknown): Diagnostic {
  if (!(problem instanceof FileError)) throw problem;
  const parameters = { file: path, reason: problem.message };
  return createDiagnostic('image-not-written', parameters, { at: atFile(path) });
}

/** Encodes a grey, RGB or RGBA image as a PNG; equal images give equal bytes. */
export async function encodePng(image: Image): Promise<Buffer> {
  const { width, height, channels } = image;
  const raw = { width, height, channels: channels as 1 | 2 | 3 | 4 };
  const grey = channels <= 2;
  const space = image.depth === 16 ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
  return (await openImage(image.data, { raw }))
    .toColourspace(space)
    .png({ compressionLevel: 9, adaptiveFiltering: false, palette: false })
    .toBuffer();
}

async function withBytes<T>(
  path: string,
  decode: (bytes: Buffer) => Promise<Result<T | undefined>>,
): Promise<Result<T | undefined>> {
  try {
    return await decode(await readBytes(path, 'image'));
  } catch (problem) {
    const reporter = new Reporter();
    const reason = reasonOf(problem);
    reporter.report('image-unreadable', { file: path, reason }, { at: atFile(path) });
    return { value: undefined, diagnostics: reporter.diagnostics };
  }
}

/** The metadata of an image that can be decoded, else undefined and what is wrong. */
async function checkImage(
  bytes: Buffer,
  name: string,
  reporter: Reporter,
): Promise<Metadata | undefined> {
  const at = atFile(name);
  if (bytes.length === 0) {
    const help = ['Replace the file, or delete it together with its partner.'];
    reporter.report('image-empty', { file: name }, { at, help });
    return undefined;
  }
  let metadata: Metadata;
  try {
    metadata = await (await openImage(bytes, { limitInputPixels: false })).metadata();
  } catch (problem) {
    reportUnreadable(name, problem, reporter);
    return undefined;
  }
  const { format, width, height, pages, depth, channels } = metadata;
  const limit = Math.floor((4 * PIXEL_LIMIT) / Math.max(4, channels));
  if (!FORMATS.includes(format)) {
    const help = ['Convert the file to PNG.'];
    reporter.report('image-format-unsupported', { file: name, format }, { at, help });
  } else if (width * height > limit) {
    const help = ['Cut the image into smaller files.'];
    const parameters = { file: name, width, height, limit };
    reporter.report('image-too-large', parameters, { at, help });
  } else if (pages !== undefined && pages > 1) {
    const help = ['Split the file into one file for each page.'];
    reporter.report('image-many-pages', { file: name, pages }, { at, help });
  } else if (depth !== 'uchar' && depth !== 'ushort') {
    const help = ['Convert the image to 16-bit PNG or TIFF, choosing what black and white mean.'];
    const parameters = { file: name, depth: String(depth) };
    reporter.report('image-depth-unsupported', parameters, { at, help });
  } else {
    return metadata;
  }
  return undefined;
}

async function decodeSamples(
  bytes: Buffer,
  name: string,
  metadata: Metadata,
  reporter: Reporter,
): Promise<Image | undefined> {
  const { format, channels: stored } = metadata;
  try {
    if (format === 'tiff' && stored > 1 && !(stored === 3 && metadata.space.includes('rgb'))) {
      const bands = await readTiffBands(bytes);
      if (bands !== undefined) return orientImage(bands, metadata.orientation ?? 1);
    }
  } catch (problem) {
    reportUnreadable(name, problem, reporter);
    return undefined;
  }
  try {
    const image = await samplesOf(await openImage(bytes, sampleOptions), metadata);
    return orientImage(image, metadata.orientation ?? 1);
  } catch (problem) {
    reportUnreadable(name, problem, reporter);
    return undefined;
  }
}

/** Words of decoders for files that are sound but of a kind that they do not know. */
const UNKNOWN_KIND = /not supported|unsupported|unknown|exceeds|no known|neither/i;
/** What they say of bytes that are no image at all. */
const NO_IMAGE = /unsupported image format/i;

/** Reports what a decoder threw. */
export function reportUnreadable(name: string, problem: unknown, reporter: Reporter): void {
  const reason = reasonOf(problem);
  const isSound = UNKNOWN_KIND.test(reason) && !NO_IMAGE.test(reason);
  const help = [
    isSound
      ? 'The file may be sound, but its encoding is not read here: save it as plain PNG or TIFF of 8 or 16 bits.'
      : 'The file is damaged, cut short or no image: replace it.',
  ];
  const parameters = { file: name, reason };
  reporter.report('image-unreadable', parameters, { at: atFile(name), help });
}

function toImage(stored: PngSamples, orientation: number): Image {
  const { width, height, data } = stored;
  const depth = data instanceof Uint16Array ? 16 : 8;
  return orientImage({ width, height, channels: 1, depth, data }, orientation);
}
