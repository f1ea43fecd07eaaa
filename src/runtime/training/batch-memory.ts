import { describeSize } from '../../ir/sizes/geometry.js';
import type { DataSplit } from '../data/dataset.js';
import { batchGeometry } from '../data/training-sample.js';
import { withLogitHeads } from '../losses/head.js';
import { trainingMemory } from '../memory/training-memory.js';
import { buildOptimizer } from './build-optimizer.js';
import type { NetworkInterface } from './network-interface.js';
import type { CompiledRun } from './run-spec.js';

/** What a training step takes, by the images of its batch. */
export interface BatchMemory {
  /** Bytes of the engine's memory, an estimate from above. */
  readonly of: (batch: number) => number;
  /** The size of the network's input, in words. */
  readonly size: string;
}

/** The memory of the steps of a run on some images; undefined where no size of the network covers them. */
export function batchMemory(
  { model, recipe }: CompiledRun,
  { policy, sizes }: NetworkInterface,
  training: DataSplit,
): BatchMemory | undefined {
  const geometry = batchGeometry(policy, sizes, training.pairs);
  if (geometry === undefined) return undefined;
  const { input: height } = geometry.vertical;
  const { input: width } = geometry.horizontal;
  const graph = withLogitHeads(model.graph);
  // An average, and the sums of gradients of parts, are kept as a slot of the optimizer is.
  const more = (recipe.ema === undefined ? 0 : 1) + (recipe.accumulate > 1 ? 1 : 0);
  const slots = buildOptimizer(recipe.optimizer).optimizer.slotCount + more;
  return {
    of: (batch) =>
      trainingMemory(graph, height, width, Math.ceil(batch / recipe.accumulate), slots),
    size: describeSize(height, width),
  };
}

/** The largest batch of up to `most` images that takes no more than a limit in bytes; 0 where one image takes more. */
export function largestBatch(memory: BatchMemory, limit: number, most: number): number {
  let [fits, tooMuch] = [0, most + 1];
  while (tooMuch - fits > 1) {
    const middle = (fits + tooMuch) >> 1;
    if (memory.of(middle) <= limit) fits = middle;
    else tooMuch = middle;
  }
  return fits;
}

/** Bytes for people: `1.3 GiB`, `120 MiB`. */
export const describeBytes = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
