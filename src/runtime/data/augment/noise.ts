import type { ComponentCall } from '../../../ir/recipe.js';
import { clampUnit, type Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Adds normal noise to every value of every channel. Its deviation is drawn
 * from 0 to `sigma` for each sample (values are 0 to 1, and stay there), so
 * that clean samples stay in the mix.
 */
export function buildNoise(call: ComponentCall): Augmentation {
  const sigma = numberOption(call, 'sigma');
  return {
    kind: 'retouch',
    draw: (random) => {
      const deviation = random.uniform(0, sigma);
      return ({ data }) => {
        for (let i = 0; i < data.length; i++) {
          data[i] = clampUnit(data[i]! + deviation * random.normal());
        }
      };
    },
  };
}
