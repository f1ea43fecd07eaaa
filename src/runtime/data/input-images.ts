import { basename, extname, join } from 'node:path';
import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { explainMissing, isFolder, kindOf } from '../../files/index.js';
import { atFile } from './at-file.js';
import type { ValueRange } from '../../ir/scaling.js';
import { checkChannels, checkRange, imageToPixels } from './channels.js';
import { listImageFiles } from './folder.js';
import { imageFacts, type ImageFacts } from './image-facts.js';
import { readImage } from './image-files.js';
import type { Pixels } from './pixels.js';

/**
 * The path of an image to predict, and its name: that of the file without the extension, behind
 * the folders that it lies in below the one that was named, with "/" between.
 */
export interface InputImage {
  readonly name: string;
  readonly path: string;
}

/**
 * The images that a path stands for: a file itself, of whatever name; the image files of a
 * folder and of those inside of it, or of the folder `images` in it when it has one.
 *
 * @param out the folder for pictures, which are none of them.
 */
export function listInputImages(path: string, out: string): Result<readonly InputImage[]> {
  const reporter = new Reporter();
  const named = (name: string, file: string): InputImage => ({
    name: name.slice(0, name.length - extname(name).length),
    path: file,
  });
  let images: readonly InputImage[] = [];
  if (isFolder(path)) {
    const inner = join(path, 'images');
    const folder = isFolder(inner) ? inner : path;
    const files = listImageFiles(folder, reporter, [out]);
    images = files.map((file) => named(file, join(folder, file)));
    if (images.length === 0)
      reporter.report('data-folder-empty', { folder }, { at: atFile(folder) });
  } else if (kindOf(path) !== 'missing') {
    images = [named(basename(path), path)];
  } else {
    reporter.report('input-missing', { path }, { at: atFile(path), help: explainMissing(path) });
  }
  return { value: images, diagnostics: reporter.diagnostics };
}

/**
 * Reads an image as 0-to-1 values for an input of `channels` channels; undefined when that is
 * impossible.
 *
 * @param onRead called with what the file holds, as the checks of all images together need it.
 */
export async function readPixels(
  path: string,
  channels: number,
  range?: ValueRange,
  onRead?: (facts: ImageFacts) => void,
): Promise<Result<Pixels | undefined>> {
  const { value, diagnostics } = await readImage(path);
  if (value === undefined) return { value, diagnostics };
  const unfit = [...checkChannels(value, channels, path), ...checkRange(value, range, path)];
  if (unfit.length > 0) return { value: undefined, diagnostics: [...diagnostics, ...unfit] };
  onRead?.(imageFacts(value));
  return { value: imageToPixels(value, channels, range), diagnostics };
}
