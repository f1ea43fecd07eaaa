import type { Metadata } from 'sharp';
import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { reasonOf } from './data-error.js';
import { orientImage, PIXEL_LIMIT, type Image, type WholeImage } from './image.js';
import { isNpy, readNpy } from './npy.js';
import { readPngSamples, type PngSamples } from './png-samples.js';
import { openImage, samplesOf } from './samples-of.js';
import { isTiff, readTiffPages } from './tiff-pages.js';
import { isLosslessWebp } from './webp.js';
import { wholeNumbers } from './whole-numbers.js';

/**
 * A decoded mask file before its values have a meaning. `palette` is present
 * when `image` holds indices into it (three bytes an entry); `lossy` when the
 * format blurs values (JPEG).
 */
export interface StoredMask {
  readonly image: WholeImage;
  /** The same as it looks: palettes as colours, with alpha where the file has it. */
  readonly decoded: WholeImage;
  readonly palette: Uint8Array | undefined;
  readonly lossy: boolean;
}

/** Files with a fault anywhere are refused, profiles are ignored. */
const sampleOptions = {
  failOn: 'error',
  ignoreIcc: true,
  limitInputPixels: PIXEL_LIMIT,
} as const;

const FORMATS: readonly string[] = ['png', 'jpeg', 'tiff', 'webp'];

/**
 * Decodes a PNG, JPEG, TIFF, WebP or NPY file, upright by its EXIF orientation.
 * Palettes become colours and 1-, 2- and 4-bit levels are stretched to 8 bits.
 * Samples keep the file's values: embedded profiles and gamma are ignored;
 * only CMYK is converted, to RGB. A TIFF may have any number of bands and pages. An image
 * that holds a value which is no finite number is refused.
 */
export async function decodeImage(bytes: Buffer, name: string): Promise<Result<Image | undefined>> {
  const reporter = new Reporter();
  const image = (await decode(bytes, name, reporter))?.image;
  const isSound = image !== undefined && checkFinite(image, name, reporter);
  return { value: isSound ? image : undefined, diagnostics: reporter.diagnostics };
}

/** As `decodeImage`, but a value may be NaN: there is none. */
export async function decodeValues(
  bytes: Buffer,
  name: string,
): Promise<Result<Image | undefined>> {
  const reporter = new Reporter();
  const value = (await decode(bytes, name, reporter))?.image;
  return { value, diagnostics: reporter.diagnostics };
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
  const { diagnostics } = reporter;
  const found = await decode(bytes, name, reporter);
  const decoded = found && wholeNumbers(found.image, name, reporter);
  if (found === undefined || decoded === undefined) return { value: undefined, diagnostics };
  const { format, orientation } = found;
  let stored: PngSamples | undefined;
  try {
    if (format === 'png') stored = readPngSamples(bytes);
  } catch (problem) {
    reportUnreadable(name, problem, reporter);
    return { value: undefined, diagnostics };
  }
  const value: StoredMask = {
    image: stored === undefined ? decoded : toImage(stored, orientation),
    decoded,
    palette: stored?.palette,
    lossy: format === 'jpeg' || (format === 'webp' && !isLosslessWebp(bytes)),
  };
  return { value, diagnostics };
}

/** An image of any format, upright, and how it was stored. */
interface Decoded {
  readonly image: Image;
  /** The decoder's word for the format, or `npy`. */
  readonly format: string;
  readonly orientation: number;
}

async function decode(
  bytes: Buffer,
  name: string,
  reporter: Reporter,
): Promise<Decoded | undefined> {
  if (bytes.length === 0) {
    const help = ['Replace the file, or delete it together with its partner.'];
    reporter.report('image-empty', { file: name }, { at: atFile(name), help });
    return undefined;
  }
  if (isNpy(bytes)) return decodeNpy(bytes, name, reporter);
  let metadata: Metadata;
  try {
    metadata = await (await openImage(bytes, { limitInputPixels: false })).metadata();
  } catch (problem) {
    // Of 64 bits a sample, for one, the general decoder knows nothing.
    const pages = await pagesOf(bytes);
    if (pages !== undefined) return { image: pages, format: 'tiff', orientation: 1 };
    reportUnreadable(name, problem, reporter);
    return undefined;
  }
  if (!checkMetadata(metadata, name, reporter)) return undefined;
  const image = await decodeSamples(bytes, name, metadata, reporter);
  const { format, orientation = 1 } = metadata;
  return image && { image: orientImage(image, orientation), format, orientation };
}

async function pagesOf(bytes: Buffer): Promise<Image | undefined> {
  try {
    return isTiff(bytes) ? await readTiffPages(bytes) : undefined;
  } catch {
    // The general decoder has said what is wrong.
    return undefined;
  }
}

function decodeNpy(bytes: Buffer, name: string, reporter: Reporter): Decoded | undefined {
  try {
    return { image: readNpy(bytes), format: 'npy', orientation: 1 };
  } catch (problem) {
    const parameters = { file: name, reason: reasonOf(problem) };
    const help = [
      'Save an array of real numbers of the shape (H, W) or (H, W, C) with numpy.save.',
    ];
    reporter.report('image-unreadable', parameters, { at: atFile(name), help });
    return undefined;
  }
}

/** Reports values that are no finite numbers; true where there are none. */
function checkFinite({ depth, data }: Image, name: string, reporter: Reporter): boolean {
  if (depth !== 32) return true;
  let values = 0;
  let found = 0;
  for (const value of data) {
    if (Number.isFinite(value)) continue;
    found = value;
    values++;
  }
  if (values === 0) return true;
  const parameters = { file: name, values, found: String(found) };
  const help = ['Replace them by a value that means "nothing here", such as 0 or the mean.'];
  reporter.report('image-not-finite', parameters, { at: atFile(name), help });
  return false;
}

/** Whether an image can be decoded; reports why not. */
function checkMetadata(metadata: Metadata, name: string, reporter: Reporter): boolean {
  const at = atFile(name);
  const { format, width, height, pages, depth, channels } = metadata;
  const limit = Math.floor((4 * PIXEL_LIMIT) / Math.max(4, channels));
  if (!FORMATS.includes(format)) {
    const help = ['Convert the file to PNG.'];
    reporter.report('image-format-unsupported', { file: name, format }, { at, help });
  } else if (width * height > limit) {
    const help = ['Cut the image into smaller files.'];
    const parameters = { file: name, width, height, limit };
    reporter.report('image-too-large', parameters, { at, help });
  } else if (pages !== undefined && pages > 1 && format !== 'tiff') {
    const help = ['Split the file into one file for each page.'];
    reporter.report('image-many-pages', { file: name, pages }, { at, help });
  } else if (String(depth).endsWith('complex')) {
    const help = ['Save its parts, or their lengths, as real numbers.'];
    const parameters = { file: name, depth: String(depth) };
    reporter.report('image-depth-unsupported', parameters, { at, help });
  } else {
    return true;
  }
  return false;
}

/** Whether the general decoder is sure to read a file as it is meant. */
function isPlain({ format, channels, depth, space, pages = 1 }: Metadata): boolean {
  if (format !== 'tiff') return true;
  const isWhole = depth === 'uchar' || depth === 'ushort';
  return pages === 1 && isWhole && (channels === 1 || (channels === 3 && space.includes('rgb')));
}

async function decodeSamples(
  bytes: Buffer,
  name: string,
  metadata: Metadata,
  reporter: Reporter,
): Promise<Image | undefined> {
  try {
    const pages = isPlain(metadata) ? undefined : await readTiffPages(bytes);
    if (pages !== undefined) return pages;
  } catch (problem) {
    reportUnreadable(name, problem, reporter);
    return undefined;
  }
  try {
    return await samplesOf(await openImage(bytes, sampleOptions), metadata);
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

function toImage(stored: PngSamples, orientation: number): WholeImage {
  const { width, height, data } = stored;
  const depth = data instanceof Uint16Array ? 16 : 8;
  return orientImage<WholeImage>({ width, height, channels: 1, depth, data }, orientation);
}
