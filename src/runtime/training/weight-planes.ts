import type { WeightMapName } from '../../ir/recipe.js';
import { ByteCache } from '../data/byte-cache.js';
import type { DataSplit, LoadedPair } from '../data/dataset.js';
import { IGNORED } from '../data/pixels.js';
import { borderWeights, classBalance } from '../losses/border-weights.js';
import type { WeightMapCall } from '../losses/loss-terms.js';
import { labelInstances } from '../losses/objects.js';

/** Bytes of weight maps kept in memory. */
const memoryLimit = 2 ** 29;

/** Adds the planes of a loss's weight maps to a pair. */
export type AddPlanes = (pair: LoadedPair) => LoadedPair;

/** The number of pixels of each class in a split. */
async function countClasses(split: DataSplit, classCount: number): Promise<readonly number[]> {
  const counts = new Array<number>(classCount).fill(0);
  for (const pair of split.pairs) {
    const { mask } = await split.load(pair);
    for (const found of mask.data) if (found !== IGNORED) counts[found]! += 1;
  }
  return counts;
}

/** The class balance of a training set, for the weight maps of a loss that has any. */
export async function balanceOf(
  maps: readonly WeightMapCall[],
  training: DataSplit,
  classCount: number,
): Promise<readonly number[]> {
  return maps.length === 0 ? [] : classBalance(await countClasses(training, classCount));
}

/**
 * What computes the weight maps of a loss for the pairs of one split: on whole
 * masks, before augmentation, which then bends the maps as it bends the masks.
 * Maps are kept in memory as far as they fit; those used longest ago are made anew.
 *
 * @param balance the weight of each class over the training set.
 * @param bytes of memory for maps.
 */
export function weightPlanes(
  maps: readonly WeightMapCall[],
  balance: readonly number[],
  bytes = memoryLimit,
): AddPlanes {
  if (maps.length === 0) return (pair) => pair;
  const cache = new ByteCache<string, readonly Float32Array[]>(bytes);
  return (pair) => {
    const known = cache.get(pair.name);
    const planes = known ?? maps.map((call) => makers[call.name](call, pair, balance));
    const size = planes.reduce((sum, plane) => sum + plane.byteLength, 0);
    cache.set(pair.name, planes, size);
    return { ...pair, planes };
  };
}

type MakePlane = (
  call: WeightMapCall,
  pair: LoadedPair,
  balance: readonly number[],
) => Float32Array;

const makers: Readonly<Record<WeightMapName, MakePlane>> = {
  borders: ({ options }, { mask, instances }, balance) =>
    borderWeights(
      mask,
      balance,
      { w0: options['w0'] as number, sigma: options['sigma'] as number },
      instances && labelInstances(instances),
    ),
};

/** A split whose pairs carry planes. */
export function withPlanes(split: DataSplit, addPlanes: AddPlanes): DataSplit {
  return { ...split, load: async (pair) => addPlanes(await split.load(pair)) };
}
