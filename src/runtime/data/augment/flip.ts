import type { ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { wordOption } from '../../call-options.js';

/**
 * Mirrors the sample: `axes` `horizontal` swaps left and right, `vertical` top
 * and bottom, `both` draws for each by itself; each for half of the samples.
 * Values are moved, never interpolated.
 */
export function buildFlip(call: ComponentCall): Augmentation {
  const axes = wordOption(call, 'axes', ['horizontal', 'vertical', 'both']);
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const across = random.uniform() < 0.5 && axes !== 'vertical';
      const down = random.uniform() < 0.5 && axes !== 'horizontal';
      if (!across && !down) return undefined;
      return (at) => {
        if (across) at.x = frame.width - 1 - at.x;
        if (down) at.y = frame.height - 1 - at.y;
      };
    },
  };
}
