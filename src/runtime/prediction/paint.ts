import { extname } from 'node:path';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { borderOf, guideOf, type Separation } from '../../ir/post-processing.js';
import { joinRows } from '../data/join-rows.js';
import { FileError } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { DataError } from '../data/data-error.js';
import type { ImageFacts } from '../data/image-facts.js';
import { notWritten } from '../data/image-files.js';
import { PIXEL_LIMIT } from '../data/image.js';
import { openPixels, type ReadingInParts } from '../data/image-source.js';
import type { InputImage } from '../data/input-images.js';
import { BrightnessCount } from '../data/overlay.js';
import type { PixelSource } from '../data/pixel-source.js';
import type { Pixels } from '../data/pixels.js';
import type { CocoImage } from '../instances/coco.js';
import { separate } from '../instances/separate.js';
import { maskRule, needsWholeMask } from '../post/mask-rule.js';
import { paintStrips, type WholeImage } from './paint-strips.js';
import { writeObjects } from './write-objects.js';
import { placeBeside } from './place-beside.js';
import { Painter, PictureError } from './painter.js';
import { legendOf, type LegendEntry } from './legend.js';
import { objectFiles, pictureFiles, uncertaintyFile, type ObjectFiles } from './picture-files.js';
import type { TrainedNetwork } from './trained-network.js';
import { TargetOutputs, type TargetPrediction } from './target-outputs.js';
import type { OnTile, Predictor } from './predictor.js';

/** The pictures made of one image. */
export interface PaintedImage {
  readonly image: string;
  /** Class indices with a palette of colours, or 0 and 255 for two classes, or the recipe's colours: a mask that can be trained on. */
  readonly mask: string;
  /**
   * Grey pictures, 0 to 1 as black to white: of one channel its probability, of several that of
   * the class that is painted; or one a channel.
   */
  readonly probabilities: readonly string[];
  /** The image with its classes outlined and tinted. */
  readonly overlay: string;
  /** What was padded, resized or cut. */
  readonly description: string;
  /** The part of the pixels of each class, the background first. */
  readonly shares: readonly number[];
  /** What the colours of the overlay mean, class 0 first. */
  readonly legend: readonly LegendEntry[];
  /** Where the recipe tells objects apart: how many there are, and the files with more of them. */
  readonly objects?: PaintedObjects | undefined;
  /** What the heads with targets of their own predict; nothing where there are none. */
  readonly targets?: readonly TargetPrediction[] | undefined;
  /** How far mirror images disagree, where it is wanted: black where they agree, white at a deviation of 0.5. */
  readonly uncertainty?: string | undefined;
}

/** The objects of an image. */
export interface PaintedObjects extends ObjectFiles {
  readonly count: number;
}

/** How an image is painted, and who is told what on the way. */
export interface PaintOptions {
  /** Is told how many pixels the image has, when its file was opened. */
  readonly onOpen?: (pixels: number) => void;
  /** Is told what the image file holds. */
  readonly onRead?: (facts: ImageFacts) => void;
  readonly onTile?: OnTile;
  /** Is told the objects of the image, where the recipe tells them apart. */
  readonly onObjects?: (image: CocoImage) => void;
  /** Whether each of several channels has a picture of its probability; not when absent. */
  readonly everyClass?: boolean;
  /** Whether the predictor gives the spread over mirror images, which is then painted. */
  readonly spread?: boolean;
  /** When the file is read in parts. */
  readonly parts?: ReadingInParts;
}

/**
 * Predicts an image and writes `NAME.mask.png`, `NAME.probability.png` (or,
 * one for each of several classes, `NAME.probability-0.png` or `-CLASS`) and `NAME.overlay.png` into
 * a folder; files of those names are replaced, all or none. Where the recipe tells objects apart,
 * `NAME.instances.png`, `NAME.objects.csv` and `NAME.objects.geojson` follow; of a head with a target of its own `NAME.HEAD.npy` or `NAME.HEAD.mask.png`. Beside the pictures of a GeoTIFF is
 * written where they lie. Undefined where the image cannot
 * be read or predicted, or a picture cannot be written. Large images are read, and all
 * pictures written, in parts. Throws where the network's head classifies whole images: `classifyImage`
 * is for those.
 */
export async function paintImage(
  { run, network, found }: TrainedNetwork,
  predictor: Predictor,
  { name, path }: InputImage,
  out: string,
  {
    onOpen,
    onRead,
    onTile,
    onObjects,
    parts,
    everyClass = false,
    spread = false,
  }: PaintOptions = {},
): Promise<Result<PaintedImage | undefined>> {
  if (network.head.classifiesImages)
    throw new Error('the head gives no masks: use "classifyImage"');
  const opened = await openPixels(path, network.channels, network.scaling.range, parts);
  const diagnostics: Diagnostic[] = [...opened.diagnostics];
  if (opened.value === undefined) return { value: undefined, diagnostics };
  const { source, facts } = opened.value;
  const { classCount, channels } = network.head;
  const { colours, classes } = run.recipe;
  const { width, height } = source;
  const rule = maskRule(run.recipe, found.threshold);
  if (needsWholeMask(rule) && width * height > PIXEL_LIMIT) {
    const parameters = { image: path, width, height, limit: PIXEL_LIMIT };
    diagnostics.push(createDiagnostic('post-image-too-large', parameters, { at: atFile(path) }));
    return { value: undefined, diagnostics };
  }
  onOpen?.(width * height);
  const files = pictureFiles(out, name, { channels, classes, everyClass });
  let painter: Painter | undefined;
  let targets: TargetOutputs | undefined;
  /** What objects grow over, where that is not the head that is painted. */
  const surface: Pixels[] = [];
  try {
    const gain = await displayGain(source);
    onRead?.(facts());
    painter = new Painter({ files, width, height, classCount, colours, gain });
    const painting = paintStrips(painter, source, rule);
    const place = { out, name, width, height };
    targets = await TargetOutputs.open(predictor.targets, place, run.recipe);
    const firstTarget = 1 + predictor.others.length;
    const guide = rule.objects && guideOf(rule.objects);
    const grown = firstTarget + predictor.targets.findIndex((head) => head.name === guide);
    const uncertainty = spread ? uncertaintyFile(out, name) : undefined;
    const paint = async (strips: readonly Pixels[]): Promise<void> => {
      await painting.add(strips[0]!);
      await targets!.add(strips.slice(firstTarget));
      if (guide !== undefined) surface.push(strips[grown]!);
      if (uncertainty !== undefined) await painter!.addPlane(uncertainty, doubled(strips.at(-1)!));
    };
    const predicted = await predictor.predictRows(source, atFile(path), paint, onTile);
    diagnostics.push(...predicted.diagnostics);
    if (predicted.value === undefined) return { value: undefined, diagnostics };
    const whole = await painting.end();
    const shares = await painter.finish();
    const written = await targets.finish();
    const pictures = [files.mask, files.overlay, ...files.probabilities];
    const objects = whole && rule.objects && (await write(whole, rule.objects));
    if (objects !== undefined) pictures.push(objects.instances);
    if (uncertainty !== undefined) pictures.push(uncertainty);
    await placeBeside(path, pictures);
    const legend = legendOf(classCount, { classes, colours });
    const value: PaintedImage = {
      ...{ image: path, ...files, description: predicted.value, shares, legend, objects },
      uncertainty,
      ...(written.length > 0 && { targets: written }),
    };
    return { value, diagnostics };
  } catch (error) {
    if (error instanceof PictureError) diagnostics.push(error.diagnostic);
    else if (error instanceof FileError) diagnostics.push(notWritten(error.path, error));
    else if (error instanceof DataError) diagnostics.push(...error.diagnostics);
    else throw error;
    return { value: undefined, diagnostics };
  } finally {
    painter?.abandon();
    targets?.abandon();
  }

  async function write(whole: WholeImage, how: Separation): Promise<PaintedObjects> {
    const written = objectFiles(out, name);
    const { classes: classNames } = run.recipe;
    const border = borderOf(how);
    const over = surface.length === 0 ? whole.probabilities : joinRows(surface);
    const map = separate(whole.mask, over, how);
    const objects = await writeObjects(path, written, map, { ...whole, border, classNames });
    const { width, height } = map;
    onObjects?.({ fileName: `${name}${extname(path)}`, width, height, objects });
    return { ...written, count: map.count };
  }
}

/** Deviations of values from 0 to 1 reach 0.5. */
const doubled = (plane: Pixels): Pixels => ({
  ...plane,
  data: plane.data.map((value) => 2 * value),
});

/** What the values of an image are multiplied by for display, by its brightness as a whole. */
async function displayGain(source: PixelSource): Promise<number> {
  const brightness = new BrightnessCount();
  for await (const strip of source.strips()) brightness.add(strip);
  return brightness.gain();
}
