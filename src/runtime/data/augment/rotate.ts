import type { ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Turns the sample about its centre by an angle drawn evenly from `-degrees`
 * to `degrees`. The sample keeps its size; mirrors fill the corners.
 */
export function buildRotate(call: ComponentCall): Augmentation {
  const degrees = numberOption(call, 'degrees');
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const angle = (random.uniform(-degrees, degrees) * Math.PI) / 180;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      const centreY = (frame.height - 1) / 2;
      const centreX = (frame.width - 1) / 2;
      return (at) => {
        const y = at.y - centreY;
        const x = at.x - centreX;
        at.y = centreY + cosine * y + sine * x;
        at.x = centreX + cosine * x - sine * y;
      };
    },
  };
}
