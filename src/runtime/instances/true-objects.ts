import { borderOf, type Separation } from '../../ir/post-processing.js';
import type { LoadedPair } from '../data/dataset.js';
import { labelInstances, labelObjects } from '../losses/objects.js';

/**
 * The true objects of a pair by number: those of its file of instances, or else the connected
 * parts of its mask. Undefined where a mask with borders has no such file: its parts are no
 * objects.
 */
export function trueObjects(
  { instances, mask }: LoadedPair,
  how: Separation,
): Int32Array | undefined {
  if (instances !== undefined) return labelInstances(instances).labels;
  return borderOf(how) !== undefined ? undefined : labelObjects(mask).labels;
}
