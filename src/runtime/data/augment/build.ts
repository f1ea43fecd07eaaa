import type { AugmentationName, ComponentCall } from '../../../ir/recipe.js';
import type { Random } from '../../random.js';
import type { Augmentation } from './augmentation.js';
import { buildBlur } from './blur.js';
import { buildBrightness } from './brightness.js';
import { buildHue, buildSaturation } from './colour.js';
import { buildContrast } from './contrast.js';
import { buildCutout } from './cutout.js';
import { buildElastic } from './elastic.js';
import { buildFlip } from './flip.js';
import { buildGamma } from './gamma.js';
import { buildNoise } from './noise.js';
import { buildRotate } from './rotate.js';
import { buildRotate90 } from './rotate90.js';
import { buildScale } from './scale.js';
import { buildShift } from './shift.js';

const BUILDERS = {
  flip: buildFlip,
  rotate90: buildRotate90,
  rotate: buildRotate,
  scale: buildScale,
  shift: buildShift,
  elastic: buildElastic,
  brightness: buildBrightness,
  contrast: buildContrast,
  gamma: buildGamma,
  hue: buildHue,
  saturation: buildSaturation,
  noise: buildNoise,
  blur: buildBlur,
  cutout: buildCutout,
} as const satisfies { readonly [K in AugmentationName]: (call: ComponentCall) => Augmentation };

/**
 * The augmentation that a recipe names, with the options that the catalogue
 * declares, all present. One with the option `probability` leaves that part of
 * the samples as they are; whether it does is drawn from a stream of its own.
 */
export function buildAugmentation(call: ComponentCall<AugmentationName>): Augmentation {
  const built = BUILDERS[call.name](call);
  const { probability } = call.options;
  return typeof probability === 'number' && probability < 1 ? sometimes(built, probability) : built;
}

function sometimes(augmentation: Augmentation, probability: number): Augmentation {
  const isDrawn = (random: Random): boolean => random.fork('whether').uniform() < probability;
  switch (augmentation.kind) {
    case 'warp': {
      const { kind, draw } = augmentation;
      return { kind, draw: (random, frame) => (isDrawn(random) ? draw(random, frame) : undefined) };
    }
    case 'turn': {
      const { kind, draw } = augmentation;
      return { kind, draw: (random) => (isDrawn(random) ? draw(random) : 0) };
    }
    case 'retouch': {
      const { kind, draw } = augmentation;
      return { kind, draw: (random) => (isDrawn(random) ? draw(random) : undefined) };
    }
  }
}
