import type { ComponentCall } from '../../../ir/recipe.js';
import { blurPixels } from '../gaussian.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/** Gaussian blur with a deviation from 0 to `sigma` pixels, drawn for each sample. */
export function buildBlur(call: ComponentCall): Augmentation {
  const sigma = numberOption(call, 'sigma');
  return {
    kind: 'retouch',
    draw: (random) => {
      const deviation = random.uniform(0, sigma);
      return (pixels) => blurPixels(pixels, deviation);
    },
  };
}
