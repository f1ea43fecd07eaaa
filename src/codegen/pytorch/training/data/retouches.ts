import type { AugmentationName } from '../../../../ir/recipe.js';
import { numberText } from './numbers.js';

type Options = Readonly<Record<string, unknown>>;

/** How one augmentation of values is drawn: `random` is its own stream. */
interface RetouchText {
  readonly about: string;
  readonly draw: (options: Options) => readonly string[];
  /** An expression of `pixels`, float64, for the new values. */
  readonly change: string | ((options: Options) => string);
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
  hue: {
    about: 'Turns all colours on their circle',
    draw: ({ amount }) => [`turn = 6 * random.uniform(-${value(amount)}, ${value(amount)})`],
    change: 'turned_hue(pixels, turn)',
  },
  saturation: {
    about: 'Multiplies the distances from grey',
    draw: ({ amount }) => [
      `factor = random.uniform(${numberText(1 - (amount as number))}, ${numberText(1 + (amount as number))})`,
    ],
    change: 'saturated(pixels, factor)',
  },
  cutout: {
    about: 'Fills squares with the mean of the sample',
    draw: ({ count }) => [
      `centres = [(random.uniform(), random.uniform()) for _ in range(${value(count)})]`,
    ],
    change: ({ size }) => `cut_out(pixels, ${value(size)}, centres)`,
  },
  blur: {
    about: 'Blurs by a Gaussian',
    draw: ({ sigma }) => [`deviation = random.uniform(0, ${value(sigma)})`],
    change: 'blur(pixels, deviation)',
  },
};

const value = (option: unknown): string => numberText(option as number);

/** What some of them need besides, by name; ruff's formatter leaves it as it is. */
export const retouchHelpers: Readonly<Partial<Record<AugmentationName, string>>> = {
  hue: `def turned_hue(pixels: Doubles, turn: float) -> Doubles:
    """Colours with another hue; value and saturation of HSV stay."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    most = pixels.max(-1)
    spread = most - pixels.min(-1)
    part = np.where(spread == 0, 1, spread)
    on_green, on_blue = (blue - red) / part + 2, (red - green) / part + 4
    hue = np.where(most == green, on_green, on_blue)
    hue = np.where(most == red, (green - blue) / part, hue)
    result = np.empty_like(pixels)
    for channel, place in enumerate((5, 3, 1)):
        k = (place + hue + turn) % 6
        less = np.maximum(0, np.minimum(np.minimum(k, 4 - k), 1))
        result[..., channel] = np.clip(most - spread * less, 0, 1)
    return result`,
  saturation: `def saturated(pixels: Doubles, factor: float) -> Doubles:
    """Colours further from the grey of their brightness, or nearer to it."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    grey = (0.299 * red + 0.587 * green + 0.114 * blue)[..., None]
    colours: Doubles = np.clip(grey + factor * (pixels - grey), 0, 1)
    return colours`,
  cutout: `def cut_out(
    pixels: Doubles, size: float, centres: list[tuple[float, float]]
) -> Doubles:
    """Squares full of the mean of each channel."""
    height, width = pixels.shape[:2]
    side = math.floor(size * min(height, width) + 0.5)
    filled, means = pixels.copy(), pixels.mean((0, 1))
    for y, x in centres:
        top = math.floor(y * height) - side // 2
        left = math.floor(x * width) - side // 2
        filled[max(0, top) : top + side, max(0, left) : left + side] = means
    return filled`,
  blur: `def blur(pixels: Doubles, deviation: float) -> Doubles:
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
    return pixels`,
};
