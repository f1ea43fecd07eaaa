import { openImage } from '../../data/samples-of.js';
import type { Pixels } from '../../data/pixels.js';
import { resizeNearest } from '../../data/resample.js';
import type { EvaluatedTarget } from '../../runs/evaluation-file.js';

/** The longest side of a picture. */
const longestSide = 192;

/** Channels of a head that are shown at most. */
const mostChannels = 3;

/** One channel of a head with a target of its own, at the size of its picture; NaN where there is no value. */
export interface ValuePicture {
  /** The head, of several channels with the number of the channel. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly truth: Float32Array;
  readonly prediction: Float32Array;
}

/** Shrinks what a head predicts of an image, and its target, channel by channel. */
export function shrinkValues(
  head: string,
  predicted: Pixels,
  truth: readonly Float32Array[],
): readonly ValuePicture[] {
  const { channels, data } = predicted;
  const factor = Math.min(1, longestSide / Math.max(predicted.height, predicted.width));
  const height = Math.max(1, Math.round(factor * predicted.height));
  const width = Math.max(1, Math.round(factor * predicted.width));
  return truth.slice(0, mostChannels).map((plane, c) => {
    const own = Float32Array.from(plane, (_, at) => data[at * channels + c]!);
    return {
      name: channels === 1 ? head : `${head}, channel ${c}`,
      ...{ width, height },
      truth: resizeNearest(plane, predicted, height, width),
      prediction: resizeNearest(own, predicted, height, width),
    };
  });
}

/**
 * The files of a picture: grey, black at the smallest and white at the largest value of truth and
 * prediction together; what has no value is transparent.
 */
export async function encodeValues(picture: ValuePicture): Promise<EvaluatedTarget> {
  const { name, width, height, truth, prediction } = picture;
  let [low, high] = [Infinity, -Infinity];
  for (const plane of [truth, prediction]) {
    for (const value of plane) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const encode = async (plane: Float32Array): Promise<string> => {
    const data = new Uint8Array(2 * plane.length);
    for (const [at, value] of plane.entries()) {
      data[2 * at] = Math.round((255 * (value - low)) / (high - low || 1));
      data[2 * at + 1] = Number.isNaN(value) ? 0 : 255;
    }
    const raw = { width, height, channels: 2 as const };
    const png = (await openImage(data, { raw })).png({ compressionLevel: 9 });
    return (await png.toBuffer()).toString('base64');
  };
  return {
    ...{ name, width, height, low, high },
    truth: await encode(truth),
    prediction: await encode(prediction),
  };
}
