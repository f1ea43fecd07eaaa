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

/**
 * An image of `frame` size whose pixel at (y, x) is the source's value at
 * `warp(y, x)`: bilinear, mirrored outside the source.
 */
export function samplePixels(source: Pixels, warp: Warp, frame: Frame): Pixels {
  const { channels, width, data } = source;
  const sampled = createPixels(frame.height, frame.width, channels);
  const at: Position = { y: 0, x: 0 };
  let to = 0;
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      at.y = y;
      at.x = x;
      warp(at);
      const fromY = reflectPosition(at.y, source.height);
      const fromX = reflectPosition(at.x, width);
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
