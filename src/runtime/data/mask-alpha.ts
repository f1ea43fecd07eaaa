import { hasAlpha, type Image } from './image.js';

/** How the alpha channel of a mask gets in the way of its colours. */
export type MaskAlpha =
  /** One colour everywhere: the shape lies in the alpha channel alone. */
  | 'shape'
  /** Transparent pixels of a colour other than black: what they stand for is open. */
  | 'hidden';

/**
 * What the alpha channel of a mask says that its colours do not; undefined
 * where it can be left out: it is the same everywhere but not transparent, or
 * what it hides is black, as an eraser leaves it.
 *
 * @param image the mask as it looks, palettes as colours.
 */
export function alphaOf(image: Image): MaskAlpha | undefined {
  if (!hasAlpha(image)) return undefined;
  const { channels, data } = image;
  const last = channels - 1;
  let hasOneColour = true;
  let hasOneAlpha = true;
  let hidesColour = false;
  for (let from = 0; from < data.length; from += channels) {
    let isBlack = true;
    for (let c = 0; c < last; c++) {
      if (data[from + c] !== 0) isBlack = false;
      if (data[from + c] !== data[c]) hasOneColour = false;
    }
    if (data[from + last] !== data[last]) hasOneAlpha = false;
    if (data[from + last] === 0 && !isBlack) hidesColour = true;
  }
  if (hasOneColour && !hasOneAlpha) return 'shape';
  return hidesColour ? 'hidden' : undefined;
}
