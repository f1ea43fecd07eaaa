import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { atFile } from '../data/at-file.js';
import type { ImageFacts } from '../data/image-facts.js';
import { writeImage } from '../data/image-files.js';
import type { Image } from '../data/image.js';
import { readPixels, type InputImage } from '../data/input-images.js';
import {
  classesOfProbabilities,
  paletteOf,
  renderMask,
  renderOverlay,
  renderProbabilities,
} from '../data/overlay.js';
import { paintingThreshold } from '../metrics/metric-set.js';
import { pictureFiles } from './picture-files.js';
import type { TrainedRun } from './open-run.js';
import type { Predictor } from './predictor.js';

/** The pictures made of one image. */
export interface PaintedImage {
  readonly image: string;
  /** Class indices with a palette of colours, or 0 and 255 for two classes, or the recipe's colours: a mask that can be trained on. */
  readonly mask: string;
  /** One grey picture a channel, 0 to 1 as black to white. */
  readonly probabilities: readonly string[];
  /** The image with its classes outlined and tinted. */
  readonly overlay: string;
  /** What was padded, resized or cut. */
  readonly description: string;
  /** The part of the pixels of each class, the background first. */
  readonly shares: readonly number[];
}

/**
 * Predicts an image and writes `NAME.mask.png`, `NAME.probability.png` (or
 * `NAME.probability-0.png`, or `-CLASS`, and so on, one a class) and `NAME.overlay.png` into
 * a folder; files of those names are replaced. Undefined where the image cannot
 * be read or predicted, or a picture cannot be written.
 *
 * @param onRead called with what the image file holds.
 */
export async function paintImage(
  { run, network }: TrainedRun,
  predictor: Predictor,
  { name, path }: InputImage,
  out: string,
  onRead?: (facts: ImageFacts) => void,
): Promise<Result<PaintedImage | undefined>> {
  const read = await readPixels(path, network.channels, network.scaling.range, onRead);
  if (read.value === undefined) return { value: undefined, diagnostics: read.diagnostics };
  const predicted = await predictor.predict(read.value, atFile(path));
  const diagnostics: Diagnostic[] = [...read.diagnostics, ...predicted.diagnostics];
  if (predicted.value === undefined) return { value: undefined, diagnostics };
  const { probabilities, description } = predicted.value;
  const { classCount } = network.head;
  const { colours } = run.recipe;
  const mask = classesOfProbabilities(probabilities, paintingThreshold(run.recipe.metrics));
  const maps = renderProbabilities(probabilities, 8);
  const files = pictureFiles(out, name, maps.length, run.recipe.classes);
  const pictures: readonly (readonly [string, Image])[] = [
    [files.mask, renderMask(mask, classCount, colours)],
    [files.overlay, renderOverlay(read.value, mask, colours)],
    ...maps.map((map, c) => [files.probabilities[c]!, map] as const),
  ];
  for (const [file, picture] of pictures) {
    const isIndices = file === files.mask && classCount > 2 && colours === undefined;
    const palette = isIndices ? paletteOf(classCount) : undefined;
    const problem = await writeImage(file, picture, palette);
    if (problem !== undefined) return { value: undefined, diagnostics: [...diagnostics, problem] };
  }
  const counts = new Array<number>(classCount).fill(0);
  for (const found of mask.data) counts[found]! += 1;
  const shares = counts.map((count) => count / mask.data.length);
  return { value: { image: path, ...files, description, shares }, diagnostics };
}
