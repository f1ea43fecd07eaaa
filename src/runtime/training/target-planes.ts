import type { Target } from '../../ir/target.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { ByteCache } from '../data/byte-cache.js';
import type { LoadedPair } from '../data/dataset.js';
import { IGNORED } from '../data/pixels.js';
import { weightMapsOfAll } from '../losses/loss-terms.js';
import { objectDistances } from '../losses/object-distances.js';
import { labelInstances, labelObjects } from '../losses/objects.js';
import { weightPlanes, type AddPlanes } from './weight-planes.js';

/** Bytes of computed targets kept in memory. */
const memoryLimit = 2 ** 28;

type MakeTarget = (pair: LoadedPair) => Float32Array;

/** Targets that are computed of what a pair holds; the others are read from files. */
const makers: Readonly<Record<Target['kind'], MakeTarget | undefined>> = {
  masks: undefined,
  values: undefined,
  planes: undefined,
  distance: ({ mask, instances }) => {
    const objects = instances === undefined ? labelObjects(mask) : labelInstances(instances);
    const distances = objectDistances(objects);
    for (let i = 0; i < distances.length; i++) if (mask.data[i] === IGNORED) distances[i] = NaN;
    return distances;
  },
};

/** Adds the targets that are computed to the pairs of one split, on whole masks. */
function targetPlanes(targets: TrainRecipe['data']['targets']): AddPlanes {
  const computed = Object.entries(targets).flatMap(([head, { kind }]) => {
    const make = makers[kind];
    return make === undefined ? [] : [[head, make] as const];
  });
  if (computed.length === 0) return (pair) => pair;
  const cache = new ByteCache<string, ReadonlyMap<string, readonly Float32Array[]>>(memoryLimit);
  return (pair) => {
    const known = cache.get(pair.name);
    const own = known ?? new Map(computed.map(([head, make]) => [head, [make(pair)]] as const));
    const bytes = [...own.values()].flat().reduce((sum, plane) => sum + plane.byteLength, 0);
    cache.set(pair.name, own, bytes);
    return { ...pair, targets: new Map([...(pair.targets ?? []), ...own]) };
  };
}

/**
 * What adds to the pairs of one split what their files do not hold: the weight maps of losses and
 * the targets that are computed, both of whole masks, before augmentation.
 *
 * @param balance the weight of each class over the training set.
 */
export function preparePairs(
  { losses, data }: Pick<TrainRecipe, 'losses' | 'data'>,
  balance: readonly number[],
): AddPlanes {
  const addMaps = weightPlanes(weightMapsOfAll(losses), balance);
  const addTargets = targetPlanes(data.targets);
  return (pair) => addTargets(addMaps(pair));
}
