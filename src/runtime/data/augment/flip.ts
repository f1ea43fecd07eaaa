import type { ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { numberOption, wordOption } from './options.js';

/**
 * Mirrors the sample: `axis` `horizontal` swaps left and right, `vertical` top
 * and bottom, `both` draws for each by itself; each with the probability
 * `chance`. Values are moved, never interpolated.
 */
export function buildFlip(call: ComponentCall): Augmentation {
  const axis = wordOption(call, 'axis', ['horizontal', 'vertical', 'both']);
  const chance = numberOption(call, 'chance');
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const across = random.uniform() < chance && axis !== 'vertical';
      const down = random.uniform() < chance && axis !== 'horizontal';
      if (!across && !down) return undefined;
      return (at) => {
        if (across) at.x = frame.width - 1 - at.x;
        if (down) at.y = frame.height - 1 - at.y;
      };
    },
  };
}
