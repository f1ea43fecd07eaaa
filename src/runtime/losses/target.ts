import * as tf from '../tensorflow.js';
import { IGNORED } from '../data/pixels.js';
import type { Head } from './head.js';
import { signedDistances } from './signed-distances.js';

/** What a head should give for one batch, as tensors; every pixel that does not count is 0 in all of them. */
export interface LossTarget {
  /** [n, h, w, c]: 1 at the channel of the pixel's class, else 0. */
  readonly truth: tf.Tensor4D;
  /** [n, h, w, 1]: 1 where a pixel counts, 0 where it is padded or has no class. */
  readonly weights: tf.Tensor4D;
  /** How many pixels count. */
  readonly pixels: number;
  /** [n, h, w, 1] each: the weight maps of the loss, in the order of `weightMapsOf`. */
  readonly maps: readonly tf.Tensor4D[];
  /**
   * [n, h, w, c]: the signed distance of each pixel to the outline of what is true of a
   * channel, by image; 0 where a pixel does not count. A new tensor with every call.
   */
  distances(): tf.Tensor4D;
}

/** One batch of class indices: `count` x `height` x `width` in every array. */
export interface TargetValues {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly masks: Uint8Array;
  readonly weights: Float32Array;
  readonly maps?: readonly Float32Array[];
}

/** Makes the tensors of a target; `disposeTarget` frees them. */
export function makeTarget(head: Head, values: TargetValues): LossTarget {
  const { count, height, width, masks, maps = [] } = values;
  const { channels } = head;
  const truth = new Float32Array(masks.length * channels);
  const weights = Float32Array.from(values.weights);
  let pixels = 0;
  for (let i = 0; i < masks.length; i++) {
    const found = masks[i]!;
    if (found === IGNORED) weights[i] = 0;
    if (weights[i] === 0) continue;
    pixels++;
    if (channels > 1) truth[i * channels + found] = 1;
    else if (found !== 0) truth[i] = 1;
  }
  const plane = (data: Float32Array): tf.Tensor4D => tf.tensor4d(data, [count, height, width, 1]);
  return {
    truth: tf.tensor4d(truth, [count, height, width, channels]),
    weights: plane(weights),
    pixels,
    maps: maps.map(plane),
    distances: () => tf.tensor4d(distancesOf(channels, values), [count, height, width, channels]),
  };
}

/** The signed distances of all images and channels, [n, h, w, c]. */
function distancesOf(
  channels: number,
  { count, height, width, masks, weights }: TargetValues,
): Float32Array {
  const area = height * width;
  const all = new Float32Array(count * area * channels);
  const region = new Uint8Array(area);
  for (let n = 0; n < count; n++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < area; i++) {
        const found = masks[n * area + i]!;
        const isIn = channels === 1 ? found !== 0 : found === channel;
        region[i] = found === IGNORED || weights[n * area + i] === 0 ? unknown : isIn ? 1 : 0;
      }
      const signed = signedDistances(region, height, width);
      for (let i = 0; i < area; i++) all[(n * area + i) * channels + channel] = signed[i]!;
    }
  }
  return all;
}

/** One batch of what a head should give, where that is no classes of masks. */
export interface TargetPlaneValues {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** `count` x `height` x `width` each, one for each channel; NaN where there is no value. */
  readonly planes: readonly Float32Array[];
  readonly maps?: readonly Float32Array[];
}

/**
 * Makes the tensors of a target of values, or of classes that may lie over each other. A pixel
 * counts where all of its channels have a value.
 */
export function makePlaneTarget(values: TargetPlaneValues): LossTarget {
  const { count, height, width, planes, maps = [] } = values;
  const channels = planes.length;
  const size = count * height * width;
  const truth = new Float32Array(size * channels);
  const weights = new Float32Array(size);
  let pixels = 0;
  for (let i = 0; i < size; i++) {
    if (planes.some((plane) => Number.isNaN(plane[i]))) continue;
    weights[i] = 1;
    pixels++;
    for (let c = 0; c < channels; c++) truth[i * channels + c] = planes[c]![i]!;
  }
  const plane = (data: Float32Array): tf.Tensor4D => tf.tensor4d(data, [count, height, width, 1]);
  return {
    truth: tf.tensor4d(truth, [count, height, width, channels]),
    weights: plane(weights),
    pixels,
    maps: maps.map(plane),
    distances: () => {
      throw new Error('values and classes that lie over each other have no distances');
    },
  };
}

/** Neither inside of a region nor outside. */
const unknown = 2;

/**
 * The target of a head that classifies whole images, [n, 1, 1, c]: channel 0 is 1
 * where nothing but background occurs, every other where its class does. A single
 * channel predicts whether the image contains any foreground. Pixels that do not count
 * are not looked at.
 */
export function makeImageTarget({ channels }: Head, values: TargetValues): LossTarget {
  const { count, masks, weights } = values;
  const area = masks.length / count;
  const truth = Array.from({ length: count }, (_, n) => {
    const [from, to] = [n * area, (n + 1) * area];
    return truthOfImage(channels, masks.subarray(from, to), weights.subarray(from, to));
  });
  return {
    truth: tf.tensor4d(truth.flat(), [count, 1, 1, channels]),
    weights: tf.ones([count, 1, 1, 1]),
    pixels: count,
    maps: [],
    distances: () => {
      throw new Error('whole images have no outlines');
    },
  };
}

/**
 * What is true of one image, by the channels of a head that classifies it: 0 or 1.
 *
 * @param weights 0 for pixels that do not count; all do when absent.
 */
export function truthOfImage(
  channels: number,
  mask: Uint8Array,
  weights?: Float32Array,
): readonly number[] {
  const found = new Set<number>();
  for (let i = 0; i < mask.length; i++) {
    const index = mask[i]!;
    if (index !== 0 && index !== IGNORED && weights?.[i] !== 0) found.add(index);
  }
  if (channels === 1) return [found.size > 0 ? 1 : 0];
  return Array.from({ length: channels }, (_, channel) =>
    channel === 0 ? (found.size > 0 ? 0 : 1) : found.has(channel) ? 1 : 0,
  );
}

/** Frees the tensors of a target. */
export function disposeTarget({ truth, weights, maps }: LossTarget): void {
  tf.dispose([truth, weights, ...maps]);
}
