import { createPixels, reflectPosition, type Pixels } from '../pixels.js';
import type { Random } from '../../random.js';
import type { Augmentation, Frame, Position, Retouch, Warp } from './augmentation.js';

/** What one sample's augmentations come to, all randomness of the warps drawn. */
export interface DrawnAugmentation {
  /** From a place in the augmented sample to its place in the original; undefined: the same. */
  readonly warp: Warp | undefined;
  /** Quarter turns of the window, which come after the warp. */
  readonly quarters: number;
  readonly retouches: readonly Retouch[];
}

/**
 * Draws a list of augmentations for one sample. They take effect in the order
 * of the list, turns of the window last; the warps are composed into one, so that however many there
 * are, values are interpolated once.
 */
export function drawAugmentations(
  augmentations: readonly Augmentation[],
  random: Random,
  frame: Frame,
): DrawnAugmentation {
  const warps: Warp[] = [];
  const retouches: Retouch[] = [];
  let quarters = 0;
  augmentations.forEach((augmentation, index) => {
    const own = random.fork(`augmentation ${index}`);
    if (augmentation.kind === 'warp') {
      const warp = augmentation.draw(own, frame);
      if (warp !== undefined) warps.unshift(warp);
    } else if (augmentation.kind === 'turn') {
      quarters += augmentation.draw(own);
    } else {
      const retouch = augmentation.draw(own);
      if (retouch !== undefined) retouches.push(retouch);
    }
  });
  const warp = warps.length === 0 ? undefined : composeWarps(warps);
  return { warp, quarters, retouches };
}

/** One warp that applies several, first to last. */
export function composeWarps(warps: readonly Warp[]): Warp {
  return (at) => {
    for (const warp of warps) warp(at);
  };
}

/** Where each pixel of a frame comes from, row by row: a warp that many images share. */
export interface Places {
  readonly y: Float64Array;
  readonly x: Float64Array;
}

/** The places that a warp takes the pixels of a frame to. */
export function placesOf(warp: Warp, frame: Frame): Places {
  const places = {
    y: new Float64Array(frame.height * frame.width),
    x: new Float64Array(frame.height * frame.width),
  };
  const at: Position = { y: 0, x: 0 };
  let to = 0;
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++, to++) {
      at.y = y;
      at.x = x;
      warp(at);
      places.y[to] = at.y;
      places.x[to] = at.x;
    }
  }
  return places;
}

/**
 * An image of `frame` size whose pixels are the source's values at `places`: bilinear, mirrored
 * outside the source.
 */
export function samplePixels(source: Pixels, places: Places, frame: Frame): Pixels {
  const { channels, width, data } = source;
  const sampled = createPixels(frame.height, frame.width, channels);
  let to = 0;
  for (let y = 0, pixel = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++, pixel++) {
      const fromY = reflectPosition(places.y[pixel]!, source.height);
      const fromX = reflectPosition(places.x[pixel]!, width);
      const top = Math.floor(fromY);
      const left = Math.floor(fromX);
      const down = fromY - top;
      const right = fromX - left;
      const corner = (top * width + left) * channels;
      const below = down === 0 ? 0 : width * channels;
      const beside = right === 0 ? 0 : channels;
      for (let c = 0; c < channels; c++, to++) {
        const i = corner + c;
        const upper = data[i]! + right * (data[i + beside]! - data[i]!);
        const lower = data[i + below]! + right * (data[i + below + beside]! - data[i + below]!);
        sampled.data[to] = upper + down * (lower - upper);
      }
    }
  }
  return sampled;
}
