import type { ComponentCall } from '../../../ir/recipe.js';
import type { Random } from '../../random.js';
import type { Augmentation } from './augmentation.js';
import { numberOption } from './options.js';

/**
 * Turns the sample about its centre by an angle drawn evenly from `-degrees`
 * to `degrees`; a `step` above 0 draws among its whole multiples only, so that
 * `step: 90` gives quarter turns, which move values without interpolation when
 * the sample is square. The sample keeps its size; mirrors fill the corners.
 */
export function buildRotate(call: ComponentCall): Augmentation {
  const degrees = numberOption(call, 'degrees');
  const step = numberOption(call, 'step');
  return {
    kind: 'warp',
    draw: (random, frame) => {
      const angle = drawAngle(random, degrees, step);
      if (angle === 0) return undefined;
      const cosine = exactAtQuarterTurns(Math.cos((angle * Math.PI) / 180));
      const sine = exactAtQuarterTurns(Math.sin((angle * Math.PI) / 180));
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

function drawAngle(random: Random, degrees: number, step: number): number {
  if (step <= 0) return random.uniform(-degrees, degrees);
  const most = Math.floor(degrees / step);
  // Turns of -180 and 180 degrees are the same one.
  const count = 2 * most * step >= 360 ? Math.floor(360 / step) : 2 * most + 1;
  return (random.integer(count) - most) * step;
}

/** Sine and cosine of a right angle miss 0 by a rounding error, which would interpolate. */
function exactAtQuarterTurns(value: number): number {
  return Math.abs(value) < 1e-12 ? 0 : value;
}
