import type { ComponentCall } from '../../../ir/recipe.js';
import { clampUnit, type Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Multiplies each value's distance from the sample's mean by a factor from
 * `1 - amount` to `1 + amount`; values stay within 0 to 1.
 */
export function buildContrast(call: ComponentCall): Augmentation {
  const amount = numberOption(call, 'amount');
  return {
    kind: 'retouch',
    draw: (random) => {
      const factor = random.uniform(1 - amount, 1 + amount);
      return ({ data }) => {
        let sum = 0;
        for (const value of data) sum += value;
        const mean = sum / Math.max(1, data.length);
        for (let i = 0; i < data.length; i++)
          data[i] = clampUnit(mean + factor * (data[i]! - mean));
      };
    },
  };
}
