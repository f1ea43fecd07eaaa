import * as tf from '../tensorflow.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { counted } from '../../diagnostics/counted.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { atFile } from '../data/at-file.js';
import type { DataSplit, LoadedPair } from '../data/dataset.js';
import { sourceOf } from '../data/pixel-source.js';
import type { Pixels } from '../data/pixels.js';
import { memoryLimits, type MemoryLimits } from '../memory/limits.js';
import type { ConfusionCounts } from '../metrics/counts.js';
import { MetricSet, type MetricValues } from '../metrics/metric-set.js';
import { targetMetrics, type TargetMetrics } from '../metrics/target-metrics.js';
import { paintingThreshold } from '../../ir/metric-options.js';
import { ObjectCounter, type ObjectScores } from '../instances/object-counter.js';
import type { MaskRule } from '../post/mask-rule.js';
import { compareImage, comparePixels } from './comparison.js';
import type { EvaluationObserver } from './evaluation-observer.js';
import { ImageLoss } from './image-loss.js';
import type { OnTile, Predictor } from './predictor.js';

/** How one image was predicted. */
export interface ImageEvaluation {
  readonly name: string;
  /** Undefined where it would take more memory than there is. */
  readonly loss: number | undefined;
  readonly metrics: MetricValues;
  /** Of each head with a target of its own, by name. */
  readonly targets: ReadonlyMap<string, MetricValues>;
  /** How its objects were found, where the recipe tells them apart. */
  readonly objects?: ObjectScores | undefined;
  /** What was padded, resized or cut. */
  readonly description: string;
}

/** How a set of images was predicted. */
export interface Evaluation {
  /**
   * The mean of the losses of the images, each taken as a batch of its own; undefined
   * where that of an image is.
   */
  readonly loss: number | undefined;
  /** From the counts over all images together (`MetricSet.valuesOfSet`). */
  readonly metrics: MetricValues;
  /** How the masks that are painted agree with the true ones, over all images. */
  readonly counts: ConfusionCounts;
  readonly images: readonly ImageEvaluation[];
  /** How the objects of all images were found, where the recipe tells them apart. */
  readonly objects?: ObjectScores | undefined;
  /** From the counts over all images, of each other output that was predicted, by name. */
  readonly others: ReadonlyMap<string, MetricValues>;
  /** Over all images, of each head with a target of its own, by name. */
  readonly targets: ReadonlyMap<string, MetricValues>;
  /** Images that could not be predicted. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface EvaluateOptions {
  readonly recipe: Pick<TrainRecipe, 'losses' | 'metrics' | 'targetMetrics'>;
  /** Called after each image; a true answer ends the evaluation early. */
  readonly onImage?: (done: number, total: number) => Promise<boolean>;
  readonly onTile?: OnTile | undefined;
  /** Changes a pair after it was loaded: adds the planes of weight maps. */
  readonly prepare?: (pair: LoadedPair) => LoadedPair;
  /** What the engine may take; what it can have on this machine unless given. */
  readonly limits?: MemoryLimits;
  /** How the masks are made that metrics measure; at the threshold of each metric unless given. */
  readonly masks?: MaskRule | undefined;
  /** Looks on; what it does changes no value. */
  readonly observer?: EvaluationObserver | undefined;
}

/**
 * Predicts every image of a split exactly as `predict` does, at its own size, and
 * compares it with its mask, part by part, or with what the mask says of it as a whole.
 * Rejects with `DataError` when a file fails that had passed inspection.
 */
export async function evaluate(
  predictor: Predictor,
  split: DataSplit,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { recipe, onImage, onTile, masks, observer, prepare = (pair) => pair } = options;
  const { limits = memoryLimits(tf.getBackend(), tf.memory().numBytes) } = options;
  const { head } = predictor;
  const newSet = (): MetricSet =>
    new MetricSet(recipe.metrics, head.classCount, head.classifiesImages);
  const total = newSet();
  const others = predictor.others.map(({ name }) => [name, newSet()] as const);
  const newTargets = (): ReadonlyMap<string, TargetMetrics> =>
    new Map(
      predictor.targets.map((each) => [
        each.name,
        targetMetrics(each, recipe.targetMetrics[each.name]!),
      ]),
    );
  const allTargets = newTargets();
  const images: ImageEvaluation[] = [];
  const diagnostics: Diagnostic[] = [];
  const allObjects = new ObjectCounter();
  const threshold = masks?.threshold ?? paintingThreshold(recipe.metrics);
  const compared = { threshold, rule: masks };
  observer?.begin(split.pairs.length);
  for (const [index, pair] of split.pairs.entries()) {
    const loaded = prepare(await split.load(pair));
    const own = newSet();
    const sets = [total, ...others.map(([, set]) => set)];
    const loss = new ImageLoss(recipe.losses, head, loaded, limits);
    const objects = new ObjectCounter();
    const ownTargets = newTargets();
    const targets = new Map(
      [...ownTargets].map(([name, set]) => [name, [set, allTargets.get(name)!]] as const),
    );
    const measures = { own, sets, loss, targets, observer, objects: [objects, allObjects] };
    const comparison = head.classifiesImages
      ? compareImage(loaded, measures, head)
      : comparePixels(loaded, measures, compared);
    const compare = (strips: readonly Pixels[]): Promise<void> => comparison.add(strips);
    const source = sourceOf(loaded.pixels);
    const place = atFile(pair.imagePath);
    const predicted = await predictor.predictRows(source, place, compare, onTile);
    diagnostics.push(...predicted.diagnostics);
    if (predicted.value === undefined) {
      for (const set of [...sets, ...allTargets.values()]) set.dropImage();
      observer?.dropImage();
      continue;
    }
    await comparison.end();
    for (const set of [own, ...sets, ...ownTargets.values(), ...allTargets.values()]) {
      set.endImage();
    }
    const { name } = pair;
    const description = predicted.value;
    const image = {
      ...{ name, loss: await loss.value(), metrics: own.values(), description },
      targets: valuesOf(ownTargets),
      objects: masks?.objects && objects.scores(),
    };
    images.push(image);
    observer?.endImage(loaded, image.metrics);
    if ((await onImage?.(index + 1, split.pairs.length)) === true) break;
  }
  diagnostics.push(...describeLeftOut(images, split));
  return {
    loss: meanLoss(images),
    metrics: total.valuesOfSet(),
    counts: total.counts(),
    images,
    objects: masks?.objects && allObjects.scores(),
    others: new Map(others.map(([name, set]) => [name, set.valuesOfSet()])),
    targets: valuesOf(allTargets),
    diagnostics,
  };
}

const valuesOf = (sets: ReadonlyMap<string, TargetMetrics>): ReadonlyMap<string, MetricValues> =>
  new Map([...sets].map(([name, set]) => [name, set.values()]));

function meanLoss(images: readonly ImageEvaluation[]): number | undefined {
  let sum = 0;
  for (const { loss } of images) {
    if (loss === undefined) return undefined;
    sum += loss;
  }
  return images.length === 0 ? 0 : sum / images.length;
}

/** Says of which images there is no loss. */
function describeLeftOut(
  images: readonly ImageEvaluation[],
  split: DataSplit,
): readonly Diagnostic[] {
  const without = images.filter(({ loss }) => loss === undefined);
  const first = split.pairs.find(({ name }) => name === without[0]?.name);
  if (first === undefined) return [];
  const help = ['The metrics are those of all images. Smaller images have a loss.'];
  const others = without.length === 1 ? '' : ` and ${counted(without.length - 1, 'other')}`;
  const parameters = { image: first.imagePath, others };
  return [createDiagnostic('loss-left-out', parameters, { at: atFile(first.imagePath), help })];
}
