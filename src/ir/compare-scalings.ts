import type { ScalingCall } from './recipe.js';
import { planScaling, rangeOf, type ChannelStatistics, type ValueRange } from './scaling.js';

/** Whether a scaling can be had for images of as many channels. */
export function fits({ name, options }: ScalingCall, channels: number): boolean {
  if (name === 'imagenet' || name === 'caffe') return channels === 1 || channels === 3;
  if (name !== 'normalize') return true;
  return [options['mean'], options['deviation']].every(
    (values) => !Array.isArray(values) || values.length === channels,
  );
}

/**
 * Whether two scalings make the same of the values from 0 to 1, however they are written.
 * Which values of the files these are is another question.
 */
export function scaleAlike(one: ScalingCall, other: ScalingCall, channels: number): boolean {
  const [first, second] = [planScaling(one, channels), planScaling(other, channels)];
  const order = (channel: number, of: readonly number[] | undefined): number =>
    of?.[channel] ?? channel;
  const isSameOrder = Array.from({ length: channels }, (_, at) => at).every(
    (at) => order(at, first.order) === order(at, second.order),
  );
  return isSameOrder && isAlike(first.statistics, second.statistics);
}

/** Whether two scalings take the same values of files as 0 and 1, as far as types of files leave that open. */
export function rangeAlike(one: ScalingCall, other: ScalingCall): boolean {
  const [first, second] = [rangeOf(one), rangeOf(other)];
  if (first === undefined || second === undefined) return isOfType(first) && isOfType(second);
  return first[0] === second[0] && first[1] === second[1];
}

/** Whether a range may be that of a whole type of files, of 8 bits or of 16. */
const isOfType = (range: ValueRange | undefined): boolean =>
  range === undefined || (range[0] === 0 && (range[1] === 255 || range[1] === 65_535));

/** Published numbers are rounded: to the third digit in parts of 1, to bytes in others. */
const tolerance = 0.005;

function isAlike(
  one: ChannelStatistics | undefined,
  other: ChannelStatistics | undefined,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.mean.every(
    (mean, at) =>
      Math.abs(mean - other.mean[at]!) <= tolerance &&
      Math.abs(one.deviation[at]! / other.deviation[at]! - 1) <= 2 * tolerance,
  );
}
