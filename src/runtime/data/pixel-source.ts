import type { ScalingPlan } from '../../ir/scaling.js';
import type { Pixels } from './pixels.js';
import { measureScaling, type Scaling } from './scaling.js';

/** An image that is read in rows, so that it need not be in memory as a whole. */
export interface PixelSource {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The rows from `first` to before `end`, 0-to-1 values; rejects with `DataError` where they cannot be read. */
  rows(first: number, end: number): Promise<Pixels>;
  /** How the image is scaled, measured over all of it. */
  scaling(plan: ScalingPlan): Promise<Scaling>;
}

/** An image in memory. */
export function sourceOf(pixels: Pixels): PixelSource {
  const { height, width, channels, data } = pixels;
  return {
    height,
    width,
    channels,
    rows: (first, end) => {
      const row = width * channels;
      return Promise.resolve({
        ...pixels,
        height: end - first,
        data: data.subarray(first * row, end * row),
      });
    },
    scaling: (plan) => Promise.resolve(measureScaling(pixels, plan)),
  };
}
