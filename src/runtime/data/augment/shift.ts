import type { ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Moves the content by up to the part `amount` of the height and of the width, each
 * way and drawn by itself, in whole pixels, so that nothing is interpolated.
 */
export function buildShift(call: ComponentCall): Augmentation {
  const amount = numberOption(call, 'amount');
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const y = Math.round(random.uniform(-amount, amount) * frame.height);
      const x = Math.round(random.uniform(-amount, amount) * frame.width);
      if (y === 0 && x === 0) return undefined;
      return (at) => {
        at.y -= y;
        at.x -= x;
      };
    },
  };
}
