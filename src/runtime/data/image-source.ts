import type { Metadata } from 'sharp';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { FileError, requireReadable } from '../../files/index.js';
import type { ValueRange } from '../../ir/scaling.js';
import { atFile } from './at-file.js';
import { DataError } from './data-error.js';
import { checkChannels, checkRange } from './channels.js';
import { reportUnreadable } from './decode-image.js';
import { readImage } from './image-files.js';
import { imageFacts, type ImageFacts } from './image-facts.js';
import type { Image } from './image.js';
import {
  sourceOfSamples,
  type PixelSource,
  type SampleRows,
  type SampleSource,
} from './pixel-source.js';
import { openImage, samplesOf } from './samples-of.js';

/** When a file is read in parts, and how large those are. */
export interface ReadingInParts {
  /** More pixels than that are not decoded at once. */
  readonly above: number;
  /** Bytes of samples that are decoded at a time, at least. */
  readonly bandBytes: number;
}

/** Images up to 4096 x 4096 as a whole; a decoder starts at the top each time, so that bands are large. */
const usual: ReadingInParts = { above: 2 ** 24, bandBytes: 2 ** 26 };

/** Pixels of an image that is read in parts: 65,536 x 65,536. */
const mostPixels = 2 ** 32;

/**
 * Opens an image as 0-to-1 values for an input of `channels` channels; undefined when that
 * is impossible. Large ones are read in parts where their encoding allows it: PNG without
 * interlacing, JPEG without progression, grey and RGB TIFF, all upright as stored. Others
 * are decoded as a whole.
 */
export async function openPixels(
  path: string,
  channels: number,
  range?: ValueRange,
  parts: ReadingInParts = usual,
): Promise<Result<OpenedPixels | undefined>> {
  const large = await largeImageOf(path, parts.above);
  const { value: samples, diagnostics } = await (large
    ? openInParts(path, large, parts.bandBytes)
    : openWhole(path));
  if (samples === undefined) return { value: undefined, diagnostics };
  const unfit = [...checkChannels(samples, channels, path), ...checkRange(samples, range, path)];
  if (unfit.length > 0) return { value: undefined, diagnostics: [...diagnostics, ...unfit] };
  const { facts } = samples;
  return { value: { source: sourceOfSamples(samples, channels, range), facts }, diagnostics };
}

/** An image that is open. */
export interface OpenedPixels {
  readonly source: PixelSource;
  /** What the file holds, as far as it has been read. */
  facts(): ImageFacts;
}

type OpenedSamples = Result<
  (SampleSource & Pick<Image, 'alpha'> & Pick<OpenedPixels, 'facts'>) | undefined
>;

async function openWhole(path: string): Promise<OpenedSamples> {
  const { value: image, diagnostics } = await readImage(path);
  if (image === undefined) return { value: undefined, diagnostics };
  const whole: SampleRows = { rows: image, firstRow: 0 };
  const read = (): Promise<SampleRows> => Promise.resolve(whole);
  return { value: { ...image, read, facts: () => imageFacts(image) }, diagnostics };
}

/** What is known of an image that is to be read in parts; faults are told by who reads it as a whole. */
async function largeImageOf(path: string, above: number): Promise<Metadata | undefined> {
  let metadata: Metadata;
  try {
    requireReadable(path, 'scene');
    metadata = await (await openImage(path, { limitInputPixels: false })).metadata();
  } catch {
    return undefined;
  }
  const { format, width, height, pages = 1, depth, channels, space, orientation = 1 } = metadata;
  const pixels = width * height;
  if (pixels <= above || pixels > mostPixels || pages > 1 || orientation > 1) return undefined;
  if (metadata.isProgressive === true || (depth !== 'uchar' && depth !== 'ushort')) {
    return undefined;
  }
  const isPicture = channels === 1 || (channels === 3 && space.includes('rgb'));
  const canBeCut = format === 'png' || format === 'jpeg' || (format === 'tiff' && isPicture);
  return canBeCut ? metadata : undefined;
}

async function openInParts(
  path: string,
  metadata: Metadata,
  bandBytes: number,
): Promise<OpenedSamples> {
  const { width, height } = metadata;
  const decode = async (first: number, end: number): Promise<Image> => {
    try {
      requireReadable(path, 'scene');
      const options = { failOn: 'error', ignoreIcc: true, limitInputPixels: false } as const;
      return await samplesOf(await openImage(path, options), metadata, { first, end });
    } catch (problem) {
      throw new DataError([unreadable(path, problem)]);
    }
  };
  let facts: ImageFacts | undefined;
  let band: SampleRows | undefined;
  const read = async (first: number, end: number): Promise<SampleRows> => {
    const known = band;
    const isThere =
      known !== undefined && known.firstRow <= first && end <= known.firstRow + known.rows.height;
    if (isThere) return known;
    // Two bands at a time would take twice the memory.
    band = undefined;
    const count = Math.max(end - first, Math.floor(bandBytes / rowBytes));
    const rows = await decode(first, Math.min(height, first + count));
    facts = joinFacts(facts, imageFacts(rows));
    band = { rows, firstRow: first };
    return band;
  };
  let rowBytes = 1;
  try {
    const top = await decode(0, 1);
    const { channels, alpha, depth } = top;
    const known = imageFacts(top);
    rowBytes = width * channels * (depth >> 3);
    const shape = { width, height, channels, depth, ...(alpha !== undefined && { alpha }) };
    const all = (): ImageFacts => ({ ...(facts ?? known), height });
    return { value: { ...shape, read, facts: all }, diagnostics: [] };
  } catch (problem) {
    if (!(problem instanceof DataError)) throw problem;
    return { value: undefined, diagnostics: problem.diagnostics };
  }
}

function joinFacts(one: ImageFacts | undefined, other: ImageFacts): ImageFacts {
  return {
    ...other,
    low: Math.min(one?.low ?? other.low, other.low),
    high: Math.max(one?.high ?? other.high, other.high),
    isTransparent: one?.isTransparent === true || other.isTransparent,
  };
}

function unreadable(path: string, problem: unknown): Diagnostic {
  const reporter = new Reporter();
  if (problem instanceof FileError) {
    const parameters = { file: path, reason: problem.message };
    reporter.report('image-unreadable', parameters, { at: atFile(path) });
  } else {
    reportUnreadable(path, problem, reporter);
  }
  return reporter.diagnostics[0]!;
}
