import type { AugmentationName, ComponentCall } from '../../../ir/recipe.js';
import type { Augmentation } from './augmentation.js';
import { buildBlur } from './blur.js';
import { buildBrightness } from './brightness.js';
import { buildContrast } from './contrast.js';
import { buildElastic } from './elastic.js';
import { buildFlip } from './flip.js';
import { buildGamma } from './gamma.js';
import { buildNoise } from './noise.js';
import { buildRotate } from './rotate.js';
import { buildScale } from './scale.js';
import { buildShift } from './shift.js';

const BUILDERS = {
  flip: buildFlip,
  rotate: buildRotate,
  scale: buildScale,
  shift: buildShift,
  elastic: buildElastic,
  brightness: buildBrightness,
  contrast: buildContrast,
  gamma: buildGamma,
  noise: buildNoise,
  blur: buildBlur,
} as const satisfies { readonly [K in AugmentationName]: (call: ComponentCall) => Augmentation };

/**
 * The augmentation that a recipe names. Options, all present with the
 * catalogue's defaults filled in:
 *
 * | name       | option     | values                            | default |
 * | ---------- | ---------- | --------------------------------- | ------- |
 * | flip       | `axis`     | `both`, `horizontal`, `vertical`  | `both`  |
 * |            | `chance`   | 0 to 1                            | 0.5     |
 * | rotate     | `degrees`  | 0 to 180                          | 180     |
 * |            | `step`     | 0 to 180 degrees, 0 for any angle | 0       |
 * | scale      | `min`      | above 0                           | 0.8     |
 * |            | `max`      | above 0, at least `min`           | 1.25    |
 * | shift      | `fraction` | 0 to 1 of height and width        | 0.1     |
 * | elastic    | `sigma`    | 0 or more, pixels                 | 10      |
 * |            | `grid`     | whole, 2 to 32 nodes a side       | 3       |
 * | brightness | `by`       | 0 to 1                            | 0.2     |
 * | contrast   | `by`       | 0 to 1                            | 0.2     |
 * | gamma      | `min`      | above 0                           | 0.7     |
 * |            | `max`      | above 0, at least `min`           | 1.5     |
 * | noise      | `sigma`    | 0 to 1                            | 0.03    |
 * | blur       | `sigma`    | 0 to 16, pixels                   | 1       |
 */
export function buildAugmentation(call: ComponentCall<AugmentationName>): Augmentation {
  return BUILDERS[call.name](call);
}
