import type { Separation } from '../../ir/post-processing.js';
import type { ClassMask, Pixels } from '../data/pixels.js';
import { labelObjects } from '../losses/objects.js';
import { flood, HEIGHTS } from './flood.js';
import { insideDistances, summits } from './summits.js';

/** The objects of an image. */
export interface ObjectMap {
  readonly width: number;
  readonly height: number;
  /** The number of the object of each pixel, from 1 on without gaps, in the order of their first pixels; 0 for none. */
  readonly labels: Int32Array;
  readonly count: number;
}

/**
 * Tells the objects of a mask apart.
 *
 * @param probabilities of the same size; one channel is that of class 1. Where objects grow over
 *   what another head predicts (`guideOf`), that.
 */
export function separate(mask: ClassMask, probabilities: Pixels, how: Separation): ObjectMap {
  const labels = labelsOf(mask, probabilities, how);
  return numbered(mask, labels, how.smallest);
}

function labelsOf(mask: ClassMask, probabilities: Pixels, how: Separation): Int32Array {
  switch (how.kind) {
    case 'components':
      return labelObjects(mask, how.corners).labels;
    case 'watershed': {
      const { seed, border } = how;
      const surface = likelihood(mask, probabilities, border);
      const isSeed = mask.data.map((found, at) =>
        found !== border && surface[at]! > seed ? found : 0,
      );
      const groups = border === undefined ? mask.data : mask.data.map((found) => (found ? 1 : 0));
      return grow(mask, groups, surface, labelObjects({ ...mask, data: isSeed }).labels);
    }
    case 'head_watershed': {
      const { data } = probabilities;
      const surface = Float32Array.from(mask.data, (found, at) => (found === 0 ? 0 : data[at]!));
      const isSeed = mask.data.map((found, at) => (surface[at]! > how.seed ? found : 0));
      return grow(mask, mask.data, surface, labelObjects({ ...mask, data: isSeed }).labels);
    }
    case 'distance_watershed': {
      const surface = insideDistances(mask, how.blur);
      return grow(mask, mask.data, surface, summits(surface, mask, how.depth).labels);
    }
  }
}

/** The probability of what a pixel is: of its class; with borders, of the likeliest class that is none. */
function likelihood(
  { data: classes }: ClassMask,
  { channels, data }: Pixels,
  border: number | undefined,
): Float32Array {
  return Float32Array.from(classes, (found, at) => {
    if (found === 0) return 0;
    if (channels === 1) return data[at]!;
    if (border === undefined) return data[at * channels + found]!;
    let most = 0;
    for (let c = 1; c < channels; c++) {
      if (c !== border) most = Math.max(most, data[at * channels + c]!);
    }
    return most;
  });
}

/** Seeds grow down the surface; parts of a group that have none are objects as they are. */
function grow(
  { width, height }: ClassMask,
  groups: Uint8Array,
  surface: Float32Array,
  seeds: Int32Array,
): Int32Array {
  const top = surface.reduce((most, value) => Math.max(most, value), 0);
  const scale = top === 0 ? 0 : (HEIGHTS - 1) / top;
  const heights = Uint16Array.from(surface, (value) =>
    Math.round((top - Math.max(0, value)) * scale),
  );
  const labels = Int32Array.from(seeds);
  flood({ width, height, groups, heights }, labels);
  const known = labels.reduce((most, label) => Math.max(most, label), 0);
  const rest = groups.map((group, at) => (labels[at] === 0 ? group : 0));
  for (const [at, part] of labelObjects({ width, height, data: rest }).labels.entries()) {
    if (part !== 0) labels[at] = known + part;
  }
  return labels;
}

/** Counts the objects anew, without those that are too small. */
function numbered({ width, height }: ClassMask, labels: Int32Array, smallest: number): ObjectMap {
  const most = labels.reduce((highest, label) => Math.max(highest, label), 0);
  const sizes = new Float64Array(most + 1);
  for (const label of labels) sizes[label]! += 1;
  const numbers = new Int32Array(most + 1);
  let count = 0;
  const renumbered = labels.map((label) => {
    if (label === 0 || sizes[label]! < smallest) return 0;
    return (numbers[label] ||= ++count);
  });
  return { width, height, labels: renumbered, count };
}
