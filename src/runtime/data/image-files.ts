import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { FileError, readBytes, readPart, replaceFile, type FilePart } from '../../files/index.js';
import { atFile } from './at-file.js';
import { reasonOf } from './data-error.js';
import { decodeImage, decodeMaskFile, decodeValues, type StoredMask } from './decode-image.js';
import type { Image, WholeImage } from './image.js';
import { openImage } from './samples-of.js';

/**
 * Reads and decodes an image file; the value is undefined when that is impossible.
 *
 * @param part where its bytes are in an archive; `path` is then what messages call it.
 */
export async function readImage(path: string, part?: FilePart): Promise<Result<Image | undefined>> {
  return withBytes(path, part, (bytes) => decodeImage(bytes, path));
}

/** Reads and decodes a file of values, some of which may be NaN, as `readImage` does an image. */
export async function readValueFile(
  path: string,
  part?: FilePart,
): Promise<Result<Image | undefined>> {
  return withBytes(path, part, (bytes) => decodeValues(bytes, path));
}

/** Reads and decodes a mask file, as `readImage` does an image. */
export async function readMaskFile(
  path: string,
  part?: FilePart,
): Promise<Result<StoredMask | undefined>> {
  return withBytes(path, part, (bytes) => decodeMaskFile(bytes, path));
}

/** Writes an image as a PNG file, whole or not at all; returns what went wrong, or undefined. */
export async function writeImage(path: string, image: WholeImage): Promise<Diagnostic | undefined> {
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
export async function encodePng(image: WholeImage): Promise<Buffer> {
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
  part: FilePart | undefined,
  decode: (bytes: Buffer) => Promise<Result<T | undefined>>,
): Promise<Result<T | undefined>> {
  try {
    const bytes = part === undefined ? readBytes(path, 'image') : readPart(part, 'image');
    return await decode(await bytes);
  } catch (problem) {
    const reporter = new Reporter();
    const reason = reasonOf(problem);
    reporter.report('image-unreadable', { file: path, reason }, { at: atFile(path) });
    return { value: undefined, diagnostics: reporter.diagnostics };
  }
}
