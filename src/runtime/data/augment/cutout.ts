import type { ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Fills squares with the mean of each channel of the sample (DeVries and Taylor 2017). Their side
 * is the part `size` of the shorter side; their centres lie anywhere, so that some are cut off.
 */
export function buildCutout(call: ComponentCall): Augmentation {
  const size = numberOption(call, 'size');
  const count = numberOption(call, 'count');
  return {
    kind: 'retouch',
    draw: (random) => {
      const centres = Array.from({ length: count }, () => [random.uniform(), random.uniform()]);
      return ({ height, width, channels, data }) => {
        const side = Math.floor(size * Math.min(height, width) + 0.5);
        const means = new Float64Array(channels);
        for (let at = 0; at < data.length; at += channels) {
          for (let c = 0; c < channels; c++) means[c]! += data[at + c]!;
        }
        const pixels = height * width;
        for (const [y, x] of centres as [number, number][]) {
          const top = Math.floor(y * height) - (side >> 1);
          const left = Math.floor(x * width) - (side >> 1);
          const [right, bottom] = [Math.min(width, left + side), Math.min(height, top + side)];
          for (let row = Math.max(0, top); row < bottom; row++) {
            for (let column = Math.max(0, left); column < right; column++) {
              const first = (row * width + column) * channels;
              for (let c = 0; c < channels; c++) data[first + c] = means[c]! / pixels;
            }
          }
        }
      };
    },
  };
}
