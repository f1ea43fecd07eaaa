import type { ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Enlarges or shrinks the content about the centre by a factor from
 * 1 / (1 + amount) to 1 + amount, drawn evenly on the logarithm so that halving is as likely as
 * doubling. The sample keeps its size; mirrors fill the rim of a shrunk one.
 */
export function buildScale(call: ComponentCall): Augmentation {
  const most = Math.log1p(numberOption(call, 'amount'));
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const inverse = Math.exp(-random.uniform(-most, most));
      const centreY = (frame.height - 1) / 2;
      const centreX = (frame.width - 1) / 2;
      return (at) => {
        at.y = centreY + (at.y - centreY) * inverse;
        at.x = centreX + (at.x - centreX) * inverse;
      };
    },
  };
}
