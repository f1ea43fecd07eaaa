import type { ComponentCall } from '../../../ir/recipe.js';
import { clampUnit, type Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Raises all values, which lie from 0 to 1, to one power from 1 / (1 + amount) to 1 + amount,
 * drawn evenly on the logarithm: below 1 the mid-tones brighten, above 1 they darken.
 */
export function buildGamma(call: ComponentCall): Augmentation {
  const most = Math.log1p(numberOption(call, 'amount'));
  return {
    kind: 'retouch',
    draw: (random) => {
      const exponent = Math.exp(random.uniform(-most, most));
      return ({ data }) => {
        for (let i = 0; i < data.length; i++) data[i] = clampUnit(data[i]!) ** exponent;
      };
    },
  };
}
