import type { ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from './options.js';

/**
 * Enlarges or shrinks the content about the centre by a factor from `min` to
 * `max`, drawn evenly on the logarithm so that halving is as likely as
 * doubling. The sample keeps its size; mirrors fill the rim of a shrunk one.
 */
export function buildScale(call: ComponentCall): Augmentation {
  const low = Math.log(numberOption(call, 'min'));
  const high = Math.log(numberOption(call, 'max'));
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const inverse = Math.exp(-random.uniform(low, high));
      const centreY = (frame.height - 1) / 2;
      const centreX = (frame.width - 1) / 2;
      return (at) => {
        at.y = centreY + (at.y - centreY) * inverse;
        at.x = centreX + (at.x - centreX) * inverse;
      };
    },
  };
}
