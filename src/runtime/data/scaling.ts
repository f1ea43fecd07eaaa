import type { ScalingName } from '../../ir/recipe.js';
import type { Pixels } from './pixels.js';

/** What takes 0-to-1 values to the values that a network sees: `(value - shift) / divisor`. */
export interface Scaling {
  readonly shift: number;
  readonly divisor: number;
}

const IDENTITY: Scaling = { shift: 0, divisor: 1 };

/** Deviations below this count as none: about a hundredth of an 8-bit step. */
const LEAST_DEVIATION = 1 / 25600;

/**
 * Measures how an image is scaled. `unit` keeps 0 to 1 (the value divided by
 * its type's maximum). `standard` gives mean 0 and deviation 1 over all pixels
 * and channels of the whole image together, so that colours keep their
 * relation; an image of one value becomes 0.
 *
 * It is measured on the whole image before augmentation, cropping and padding,
 * so that training and prediction see an image alike.
 */
export function measureScaling(pixels: Pixels, name: ScalingName): Scaling {
  switch (name) {
    case 'unit':
      return IDENTITY;
    case 'standard':
      return measureDeviation(pixels.data);
  }
}

/** Scales values in place. */
export function applyScaling(values: Float32Array, scaling: Scaling): void {
  if (scaling === IDENTITY) return;
  const factor = 1 / scaling.divisor;
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! - scaling.shift) * factor;
}

function measureDeviation(values: Float32Array): Scaling {
  if (values.length === 0) return IDENTITY;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  return { shift: mean, divisor: deviation < LEAST_DEVIATION ? 1 : deviation };
}
