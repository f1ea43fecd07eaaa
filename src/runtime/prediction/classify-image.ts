import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { replaceFile } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { DataError } from '../data/data-error.js';
import { nameOfClass } from '../data/class-names.js';
import { notWritten } from '../data/image-files.js';
import { openPixels } from '../data/image-source.js';
import type { InputImage } from '../data/input-images.js';
import type { Pixels } from '../data/pixels.js';
import { predictedChannels } from '../metrics/classified-image.js';
import { paintingThreshold } from '../../ir/metric-options.js';
import type { TrainedNetwork } from './trained-network.js';
import type { PaintOptions } from './paint.js';
import { classesFile } from './picture-files.js';
import type { Predictor } from './predictor.js';

/** What a head that classifies images says of one class. */
export interface PredictedClass {
  /** The recipe's name, or `class 2`. */
  readonly name: string;
  readonly probability: number;
  /** Whether the class is told: the likeliest behind a softmax, else above the threshold. */
  readonly isPredicted: boolean;
}

/** What is said of one image. */
export interface ImageClassification {
  readonly image: string;
  /** The JSON file of `classes`. */
  readonly file: string;
  /** One a channel: whether nothing but the background occurs, then each class; of one channel, whether anything does. */
  readonly classes: readonly PredictedClass[];
  /** What was padded, resized or cut. */
  readonly description: string;
}

/**
 * Predicts an image with a head that classifies images, and writes what it says to
 * `NAME.classes.json` in a folder. Undefined where the image cannot be read or predicted,
 * or the file cannot be written. Of an image that is cut into tiles a class is as likely
 * as in the tile that shows it best. Throws where the run's head gives masks: `paintImage`
 * is for those.
 */
export async function classifyImage(
  { run, network }: TrainedNetwork,
  predictor: Predictor,
  { name, path }: InputImage,
  out: string,
  { onOpen, onRead, onTile, parts }: PaintOptions = {},
): Promise<Result<ImageClassification | undefined>> {
  if (!network.head.classifiesImages) throw new Error('the head gives masks: use "paintImage"');
  const opened = await openPixels(path, network.channels, network.scaling.range, parts);
  const diagnostics: Diagnostic[] = [...opened.diagnostics];
  if (opened.value === undefined) return { value: undefined, diagnostics };
  const { source, facts } = opened.value;
  onOpen?.(source.width * source.height);
  const { classes, metrics } = run.recipe;
  const file = classesFile(out, name);
  let pixel: Pixels | undefined;
  const receive = ([given]: readonly Pixels[]): Promise<void> => {
    pixel = given;
    return Promise.resolve();
  };
  try {
    const predicted = await predictor.predictRows(source, atFile(path), receive, onTile);
    onRead?.(facts());
    diagnostics.push(...predicted.diagnostics);
    if (predicted.value === undefined) return { value: undefined, diagnostics };
    const probabilities = [...pixel!.data];
    const isExclusive = network.head.activation === 'softmax';
    const told = predictedChannels({ probabilities, isExclusive }, paintingThreshold(metrics));
    const predictedClasses = probabilities.map((probability, channel): PredictedClass => {
      const index = probabilities.length === 1 ? 1 : channel;
      return { name: nameOfClass(index, classes), probability, isPredicted: told[channel]! };
    });
    await replaceFile(
      file,
      `${JSON.stringify({ image: path, classes: predictedClasses }, null, 2)}\n`,
    );
    const value = { image: path, file, classes: predictedClasses, description: predicted.value };
    return { value, diagnostics };
  } catch (error) {
    const problems = error instanceof DataError ? error.diagnostics : [notWritten(file, error)];
    return { value: undefined, diagnostics: [...diagnostics, ...problems] };
  }
}
