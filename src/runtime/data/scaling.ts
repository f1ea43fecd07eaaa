import type { ChannelStatistics, ScalingPlan } from '../../ir/scaling.js';
import type { Pixels } from './pixels.js';

/** What takes 0-to-1 values to the values that a network sees: `(value - mean) / deviation`. */
export interface Scaling {
  /** For each channel that the network sees, the channel of the image; as they are where it is undefined. */
  readonly order: readonly number[] | undefined;
  /** One for each channel, or one for all. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Deviations below this count as none: about a hundredth of an 8-bit step. */
const LEAST_DEVIATION = 1 / 25600;

/**
 * How an image is scaled. Where the plan has no statistics, mean and deviation are
 * measured over all pixels and channels of the whole image together, so that colours
 * keep their relation; an image of one value becomes 0.
 *
 * It is measured on the whole image before augmentation, cropping and padding,
 * so that training and prediction see an image alike.
 */
export function measureScaling(pixels: Pixels, { order, statistics }: ScalingPlan): Scaling {
  return { order, ...(statistics ?? measureDeviation(pixels.data)) };
}

/** As `measureScaling`, for an image that comes in strips; equal up to the rounding of float64. */
export async function measureStrips(
  strips: AsyncIterable<Pixels>,
  { order, statistics }: ScalingPlan,
): Promise<Scaling> {
  if (statistics !== undefined) return { order, ...statistics };
  // Strips are joined as in Chan, Golub and LeVeque 1979.
  let count = 0;
  let mean = 0;
  let squares = 0;
  for await (const { data } of strips) {
    const own = sumsOf(data);
    const all = count + data.length;
    const step = own.mean - mean;
    squares += own.squares + (step ** 2 * count * data.length) / all;
    mean += (step * data.length) / all;
    count = all;
  }
  return { order, ...statisticsOf(mean, squares, count) };
}

/** Scales values of interleaved channels in place, and puts the channels in their order. */
export function applyScaling(values: Float32Array, channels: number, scaling: Scaling): void {
  const { order, mean, deviation } = scaling;
  const shifts = Array.from({ length: channels }, (_, c) => mean[c % mean.length]!);
  const factors = Array.from({ length: channels }, (_, c) => 1 / deviation[c % deviation.length]!);
  if (order === undefined && shifts.every((shift) => shift === 0) && factors.every(isOne)) return;
  if (order === undefined) {
    for (let c = 0; c < channels; c++) {
      const [shift, factor] = [shifts[c]!, factors[c]!];
      for (let i = c; i < values.length; i += channels) values[i] = (values[i]! - shift) * factor;
    }
    return;
  }
  const pixel = new Float32Array(channels);
  for (let start = 0; start < values.length; start += channels) {
    for (let c = 0; c < channels; c++) pixel[c] = values[start + c]!;
    for (let c = 0; c < channels; c++) {
      values[start + c] = (pixel[order[c]!]! - shifts[c]!) * factors[c]!;
    }
  }
}

const isOne = (factor: number): boolean => factor === 1;

function measureDeviation(values: Float32Array): ChannelStatistics {
  if (values.length === 0) return { mean: [0], deviation: [1] };
  const { mean, squares } = sumsOf(values);
  return statisticsOf(mean, squares, values.length);
}

/** The mean of some values, and the sum of their squared distances from it. */
function sumsOf(values: Float32Array): { readonly mean: number; readonly squares: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = values[i]! - mean;
    squares += distance * distance;
  }
  return { mean, squares };
}

function statisticsOf(mean: number, squares: number, count: number): ChannelStatistics {
  const deviation = Math.sqrt(squares / count);
  return { mean: [mean], deviation: [deviation < LEAST_DEVIATION ? 1 : deviation] };
}
