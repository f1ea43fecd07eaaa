import type { AugmentationName } from '../../../../ir/recipe.js';
import { numberText } from './numbers.js';

type Options = Readonly<Record<string, unknown>>;

/** How one augmentation of values is drawn: `random` is its own stream. */
interface RetouchText {
  readonly about: string;
  readonly draw: (options: Options) => readonly string[];
  /** An expression of `pixels`, float64, for the new values. */
  readonly change: string;
}

/** The augmentations that change values, which stay from 0 to 1. */
export const retouches: Readonly<Partial<Record<AugmentationName, RetouchText>>> = {
  brightness: {
    about: 'Adds one number to all values',
    draw: ({ amount }) => [`added = random.uniform(-${value(amount)}, ${value(amount)})`],
    change: 'np.clip(pixels + added, 0, 1)',
  },
  contrast: {
    about: 'Multiplies the distances from the mean',
    draw: ({ amount }) => [
      `factor = random.uniform(${numberText(1 - (amount as number))}, ${numberText(1 + (amount as number))})`,
    ],
    change: 'np.clip((1 - factor) * pixels.mean() + factor * pixels, 0, 1)',
  },
  gamma: {
    about: 'Raises all values to one power',
    draw: ({ amount }) => [
      `most = math.log1p(${value(amount)})`,
      'exponent = math.exp(random.uniform(-most, most))',
    ],
    change: 'np.clip(pixels, 0, 1) ** exponent',
  },
  noise: {
    about: 'Adds normal noise; its field comes from numpy, which is faster',
    draw: ({ sigma }) => [
      `sigma = random.uniform(0, ${value(sigma)})`,
      'field = np.random.Generator(np.random.PCG64(random.bits()))',
    ],
    change: 'np.clip(pixels + field.normal(0, sigma, pixels.shape), 0, 1)',
  },
  blur: {
    about: 'Blurs by a Gaussian',
    draw: ({ sigma }) => [`deviation = random.uniform(0, ${value(sigma)})`],
    change: 'blur(pixels, deviation)',
  },
};

const value = (option: unknown): string => numberText(option as number);

/** What blurring needs besides. */
export const blurHelper = `def blur(pixels: Doubles, deviation: float) -> Doubles:
    """A Gaussian blur, mirrored at the borders and cut off at three deviations."""
    if deviation <= 0.05:
        return pixels
    radius = math.ceil(3 * deviation)
    kernel = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * deviation**2))
    kernel /= kernel.sum()
    for axis in (1, 0):
        n = pixels.shape[axis]
        total = np.zeros_like(pixels)
        for k, weight in enumerate(kernel):
            places = reflect(np.arange(n) + float(k - radius), n).astype(np.int64)
            total += weight * pixels.take(places, axis)
        pixels = total.astype(np.float32).astype(np.float64)
    return pixels`;
