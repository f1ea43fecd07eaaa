import * as tf from '@tensorflow/tfjs';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { HeadLosses, TrainRecipe } from '../../ir/recipe.js';
import { atFile } from '../data/at-file.js';
import type { DataSplit, LoadedPair } from '../data/dataset.js';
import type { Pixels } from '../data/pixels.js';
import type { Head } from '../losses/head.js';
import { lossOfHead, planesOf } from '../losses/loss.js';
import { disposeTarget, makeTarget } from '../losses/target.js';
import type { ConfusionCounts } from '../metrics/counts.js';
import { MetricSet, type MetricValues } from '../metrics/metric-set.js';
import type { OnTile, Predictor } from './predictor.js';

/** How one image was predicted. */
export interface ImageEvaluation {
  readonly name: string;
  readonly loss: number;
  readonly metrics: MetricValues;
  /** What was padded, resized or cut. */
  readonly description: string;
}

/** How a set of images was predicted. */
export interface Evaluation {
  /** The mean of the losses of the images, each taken as a batch of its own. */
  readonly loss: number;
  /** From the counts over all images together. */
  readonly metrics: MetricValues;
  /** How the masks that are painted agree with the true ones, over all images. */
  readonly counts: ConfusionCounts;
  readonly images: readonly ImageEvaluation[];
  /** From the counts over all images, of each other output that was predicted, by name. */
  readonly others: ReadonlyMap<string, MetricValues>;
  /** Images that could not be predicted. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface EvaluateOptions {
  readonly recipe: Pick<TrainRecipe, 'losses' | 'metrics'>;
  /** Called after each image; a true answer ends the evaluation early. */
  readonly onImage?: (done: number, total: number) => Promise<boolean>;
  readonly onTile?: OnTile | undefined;
  /** Changes a pair after it was loaded: adds the planes of weight maps. */
  readonly prepare?: (pair: LoadedPair) => LoadedPair;
}

/** Probabilities are kept this far from 0 and 1 in losses: what float32 can tell from 1. */
const margin = 1e-7;

/**
 * Predicts every image of a split exactly as `predict` does, whole and at its
 * own size, and compares it with its mask. Rejects with `DataError` when a
 * file fails that had passed inspection.
 */
export async function evaluate(
  predictor: Predictor,
  split: DataSplit,
  { recipe, onImage, onTile, prepare = (pair) => pair }: EvaluateOptions,
): Promise<Evaluation> {
  const { head } = predictor;
  const total = new MetricSet(recipe.metrics, head.classCount);
  const images: ImageEvaluation[] = [];
  const diagnostics: Diagnostic[] = [];
  const others = new Map<string, MetricSet>();
  const setOf = (name: string): MetricSet => {
    const known = others.get(name) ?? new MetricSet(recipe.metrics, head.classCount);
    others.set(name, known);
    return known;
  };
  for (const [index, pair] of split.pairs.entries()) {
    const loaded = prepare(await split.load(pair));
    const { value, diagnostics: found } = await predictor.predict(
      loaded.pixels,
      atFile(pair.imagePath),
      onTile,
    );
    diagnostics.push(...found);
    if (value === undefined) continue;
    const { probabilities, description } = value;
    total.add(probabilities, loaded.mask);
    const own = new MetricSet(recipe.metrics, head.classCount);
    own.add(probabilities, loaded.mask);
    const loss = await lossOfImage(recipe.losses, head, probabilities, loaded);
    for (const [name, pixels] of value.others) setOf(name).add(pixels, loaded.mask);
    images.push({ name: pair.name, loss, metrics: own.values(), description });
    if ((await onImage?.(index + 1, split.pairs.length)) === true) break;
  }
  const sum = images.reduce((all, { loss }) => all + loss, 0);
  return {
    loss: images.length === 0 ? 0 : sum / images.length,
    metrics: total.values(),
    counts: total.counts(),
    images,
    others: new Map([...others].map(([name, set]) => [name, set.values()])),
    diagnostics,
  };
}

async function lossOfImage(
  losses: HeadLosses,
  head: Head,
  { height, width, channels, data }: Pixels,
  { mask, planes }: LoadedPair,
): Promise<number> {
  const loss = tf.tidy(() => {
    const clipped = data.map((value) => Math.min(1 - margin, Math.max(margin, value)));
    const output = tf.tensor4d(clipped, [1, height, width, channels]);
    const weights = new Float32Array(mask.data.length).fill(1);
    const masks = mask.data;
    const maps = planes && planesOf(losses, head.name, planes);
    const target = makeTarget(head, { count: 1, height, width, masks, weights, maps });
    const value = lossOfHead(
      losses[head.name]!,
      { ...head, gives: 'probabilities' },
      output,
      target,
    );
    disposeTarget(target);
    return value;
  });
  const [value = NaN] = await loss.data<'float32'>();
  loss.dispose();
  return value;
}
