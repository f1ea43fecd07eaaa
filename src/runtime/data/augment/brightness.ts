import type { ComponentCall } from '../../../ir/recipe.js';
import { clampUnit, type Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/** Adds one number from `-amount` to `amount` to all values, which lie from 0 to 1 and stay there. */
export function buildBrightness(call: ComponentCall): Augmentation {
  const amount = numberOption(call, 'amount');
  return {
    kind: 'retouch',
    draw: (random) => {
      const added = random.uniform(-amount, amount);
      return ({ data }) => {
        for (let i = 0; i < data.length; i++) data[i] = clampUnit(data[i]! + added);
      };
    },
  };
}
