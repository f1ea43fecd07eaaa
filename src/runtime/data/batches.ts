import type { ScalingPlan } from '../../ir/scaling.js';
import { Random } from '../random.js';
import type { Augmentation } from './augment/augmentation.js';
import type { DataPair, DataSplit } from './dataset.js';
import type { PlaneSizes } from '../../ir/sizes/geometry.js';
import type { SizePolicy } from '../../ir/sizes/size-policy.js';
import { mapPlanes, type TargetPlanes } from './pixels.js';
import { batchGeometry, makeTrainingSample, type TrainingSample } from './training-sample.js';

/** N samples of one size. */
export interface Batch {
  readonly count: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly channels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** N x input height x input width x channels. */
  readonly images: Float32Array;
  /** N x output height x output width, class indices. */
  readonly masks: Uint8Array;
  /** N x output height x output width: 0 where padded or without a class, else 1. */
  readonly weights: Float32Array;
  /** The planes of the pairs (weight maps), N x output height x output width each. */
  readonly planes: readonly Float32Array[];
  /** What heads with targets of their own should give, N x output height x output width each; NaN where there is no value. */
  readonly targets: TargetPlanes;
  readonly names: readonly string[];
}

/** How batches are made. */
export interface BatchOptions {
  readonly sizes: PlaneSizes;
  readonly policy: SizePolicy;
  readonly scaling: ScalingPlan;
  readonly batch: number;
  readonly seed: number;
  /** Counted from 0; another epoch gives another order and other augmentations. */
  readonly epoch: number;
  /** Training: shuffled, augmented, cut anywhere. Otherwise in order, plain, cut from the middle. */
  readonly training: boolean;
  readonly augmentations: readonly Augmentation[];
  /** Share of the crops of training that hold foreground; 0 when absent. */
  readonly foreground?: number;
  /** Batches of the epoch to leave out at its start, for a run that goes on; 0 when absent. */
  readonly skip?: number;
}

/** The number of batches of an epoch; the last one may be smaller than the others. */
export function countBatches(split: DataSplit, batch: number): number {
  return Math.ceil(split.pairs.length / batch);
}

/**
 * The batches of one epoch. Each sample's randomness depends on the seed, the
 * epoch and its place in the split alone, so neither timing nor batch size
 * changes a sample. While the caller works on one batch, the next is prepared.
 * The last batch may be smaller; under `pad` each batch has its own size.
 *
 * Rejects with `DataError` when a file fails that had passed inspection.
 */
export async function* iterateBatches(
  split: DataSplit,
  options: BatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  const random = new Random(options.seed).fork(`epoch ${options.epoch}`);
  const indices = options.training
    ? random.fork('order').permutation(split.pairs.length)
    : split.pairs.map((_, index) => index);
  const count = countBatches(split, options.batch);
  const prepare = (batch: number): Promise<Batch> => {
    const start = batch * options.batch;
    const prepared = makeBatch(split, indices.slice(start, start + options.batch), options, random);
    // A caller that stops early never awaits the batch being prepared.
    prepared.catch(() => undefined);
    return prepared;
  };
  const first = options.skip ?? 0;
  let next = first < count ? prepare(first) : undefined;
  for (let batch = first + 1; next !== undefined; batch++) {
    const current: Batch = await next;
    next = batch < count ? prepare(batch) : undefined;
    yield current;
  }
}

async function makeBatch(
  split: DataSplit,
  indices: readonly number[],
  options: BatchOptions,
  random: Random,
): Promise<Batch> {
  const pairs = indices.map((index): DataPair => split.pairs[index]!);
  const geometry = batchGeometry(options.policy, options.sizes, pairs);
  if (geometry === undefined) throw new Error('image sizes were not checked before training');
  const loaded = await Promise.all(pairs.map((pair) => split.load(pair)));
  const sampleOptions = {
    policy: options.policy,
    augmentations: options.training ? options.augmentations : [],
    scaling: options.scaling,
    randomCrops: options.training,
    foreground: options.training ? (options.foreground ?? 0) : 0,
  };
  const samples = loaded.map((pair, i) =>
    makeTrainingSample(pair, geometry, sampleOptions, random.fork(`sample ${indices[i]!}`)),
  );
  const { vertical, horizontal } = geometry;
  return {
    count: pairs.length,
    inputHeight: vertical.input,
    inputWidth: horizontal.input,
    channels: loaded[0]!.pixels.channels,
    outputHeight: vertical.output,
    outputWidth: horizontal.output,
    ...joinSamples(samples),
    names: loaded.map((pair) => pair.name),
  };
}

function joinSamples(
  samples: readonly TrainingSample[],
): Pick<Batch, 'images' | 'masks' | 'weights' | 'planes' | 'targets'> {
  const { image, mask } = samples[0]!;
  const images = new Float32Array(samples.length * image.length);
  const masks = new Uint8Array(samples.length * mask.length);
  const weights = new Float32Array(masks.length);
  const planes = samples[0]!.planes.map(() => new Float32Array(masks.length));
  const targets = mapPlanes(samples[0]!.targets, (_, head, at) => {
    const joined = new Float32Array(masks.length);
    samples.forEach((sample, i) => joined.set(sample.targets.get(head)![at]!, i * mask.length));
    return joined;
  });
  samples.forEach((sample, i) => {
    images.set(sample.image, i * image.length);
    masks.set(sample.mask, i * mask.length);
    weights.set(sample.weights, i * mask.length);
    planes.forEach((plane, p) => plane.set(sample.planes[p]!, i * mask.length));
  });
  return { images, masks, weights, planes, targets };
}
