import { guideOf } from '../../../ir/post-processing.js';
import { hasErrors, type Diagnostic } from '../../../diagnostics/diagnostic.js';
import { paintingThreshold } from '../../../ir/metric-options.js';
import { atFile } from '../../data/at-file.js';
import { checkChannels, checkRange, imageToPixels } from '../../data/channels.js';
import { nameOfClass } from '../../data/class-names.js';
import type { Image } from '../../data/image.js';
import { brightened, paletteOf, renderLayer, renderMask } from '../../data/overlay.js';
import type { Pixels } from '../../data/pixels.js';
import { separate } from '../../instances/separate.js';
import { predictedChannels } from '../../metrics/classified-image.js';
import { makeMask, maskRule } from '../../post/mask-rule.js';
import { prepareWindows } from '../../prediction/functional-windows.js';
import type { OnTile, Predictor } from '../../prediction/predictor.js';
import { trainedNetwork, type TrainedNetwork } from '../../prediction/trained-network.js';
import type { PredictionEngine } from '../../prediction/window-network.js';
import { compileRun } from '../../training/run-spec.js';
import type { ClassifiedPicture, PaintedPicture } from './messages.js';
import { modelFolder, pageSpecFile, type PageSpec } from './page-spec.js';
import { readModelWeights, type SavedModel } from './read-model-weights.js';

/** Reads a file of the package by its path; rejects with an `Error` where it is not to be had. */
export type LoadFile = (path: string) => Promise<Uint8Array>;

/** The network of a package, in a browser or anywhere else without files. */
export interface PageNetwork {
  /** Throws an `Error` with a message for people where the image does not fit the network. */
  look(image: Image, onTile?: OnTile): Promise<FoundInPicture>;
}

/** What a network finds in an image: classes of pixels, or of the whole. */
export type FoundInPicture =
  | ({ readonly kind: 'painted' } & PaintedPicture)
  | ({ readonly kind: 'classified' } & ClassifiedPicture);

/** Browsers do not say how much memory is free: enough for speed, and what a tab is given. */
const pageEngine: PredictionEngine = {
  limits: () => ({ comfortable: 800 * 2 ** 20, most: 2 * 2 ** 30 }),
  prepare: prepareWindows,
};

/** Opens the network of a package on the engine that runs: what `unetc predict` does, without files. */
export async function openPageNetwork(load: LoadFile): Promise<PageNetwork> {
  const json = async (path: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await load(path)));
  const { spec, threshold } = (await json(pageSpecFile)) as PageSpec;
  const { text, settings, ...wishes } = spec;
  const { run, diagnostics } = compileRun('spec.unet', text, { ...wishes, ...settings });
  if (run === undefined) throw messageOf(diagnostics);
  const model = (await json(`${modelFolder}/model.json`)) as SavedModel;
  const weights = await readModelWeights(model, (name) => load(`${modelFolder}/${name}`));
  const trained = trainedNetwork(run, weights, { threshold });
  const predictor = await trained.createPredictor({ engine: pageEngine });
  return { look: (image, onTile) => look(trained, predictor, image, onTile) };
}

const shown = 'the image';

async function look(
  { run, network, found }: TrainedNetwork,
  predictor: Predictor,
  image: Image,
  onTile?: OnTile,
): Promise<FoundInPicture> {
  const { range } = network.scaling;
  const unfit = [
    ...checkChannels(image, network.channels, shown),
    ...checkRange(image, range, shown),
  ];
  if (hasErrors(unfit)) throw messageOf(unfit);
  const pixels = imageToPixels(image, network.channels, range);
  const { value, diagnostics } = await predictor.predict(pixels, atFile(shown), onTile);
  if (value === undefined) throw messageOf(diagnostics);
  const picture = brightened(pixels);
  const { classes, colours, metrics } = run.recipe;
  const { description, probabilities, others } = value;
  if (network.head.classifiesImages) {
    const all = [...probabilities.data];
    const isExclusive = network.head.activation === 'softmax';
    const told = predictedChannels({ probabilities: all, isExclusive }, paintingThreshold(metrics));
    const named = all.map((probability, channel) => ({
      name: nameOfClass(all.length === 1 ? 1 : channel, classes),
      ...{ probability, isPredicted: told[channel]! },
    }));
    return { kind: 'classified', image: picture, classes: named, description };
  }
  const rule = maskRule(run.recipe, found.threshold);
  const mask = makeMask([probabilities], rule);
  const guide = rule.objects && guideOf(rule.objects);
  const { classCount } = network.head;
  const counts = new Array<number>(classCount).fill(0);
  for (const each of mask.data) counts[each]! += 1;
  return {
    kind: 'painted',
    image: picture,
    layer: renderLayer(mask, colours, lineOf(pixels)),
    mask: renderMask(
      mask,
      classCount,
      colours ?? (classCount > 2 ? paletteOf(classCount) : undefined),
    ),
    classes: mask.data,
    shares: counts.map((count) => count / mask.data.length),
    objects:
      rule.objects &&
      separate(mask, guide === undefined ? probabilities : others.get(guide)!, rule.objects).count,
    description,
  };
}

/** Outlines of large images are wider, for they are shown smaller. */
const lineOf = ({ width, height }: Pixels): number =>
  Math.max(1, Math.round(Math.max(width, height) / 700));

const messageOf = (diagnostics: readonly Diagnostic[]): Error =>
  new Error(diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'unknown');
