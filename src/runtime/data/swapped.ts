import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import type { FilePair } from './folder.js';
import { hasAlpha, type Image } from './image.js';

/** More values than this are no classes. */
const MOST_CLASSES_SEEN = 64;

/** Masks of a few classes may have some other values by mistake, hardly more than this. */
const FEW_SHADES = 16;

/** Images of so few values look as masks do. */
const MASK_VALUES = 8;

/**
 * The fault of a pair whose mask is a picture and whose image is a mask. Where
 * so many classes are trained that the mask may be one, nothing is said.
 *
 * @param mask the mask as it looks, palettes as colours.
 * @param classCount undefined where nothing says how many classes there are.
 */
export function checkSwapped(
  pair: FilePair,
  image: Image,
  mask: Image,
  classCount: number | undefined,
): readonly Diagnostic[] {
  if (classCount !== undefined && classCount > MOST_CLASSES_SEEN) return [];
  const values = countValues(image, MASK_VALUES);
  // One value alone is an image that went wrong, or a mask without objects.
  if (values < 2 || values > MASK_VALUES) return [];
  const most =
    classCount === undefined
      ? MOST_CLASSES_SEEN
      : Math.min(MOST_CLASSES_SEEN, Math.max(FEW_SHADES, 2 * classCount));
  if (countValues(mask, most) <= most) return [];
  const parameters = { mask: pair.maskPath };
  const help = ['Put photographs into "images" and masks into "masks".'];
  return [createDiagnostic('pair-swapped', parameters, { at: atFile(pair.maskPath), help })];
}

/** The different greys or colours of an image, alpha aside; counted up to one more than `most`. */
function countValues(image: Image, most: number): number {
  const { channels, data } = image;
  const parts = channels - (hasAlpha(image) ? 1 : 0);
  const seen = new Set<number>();
  let before = -1;
  for (let from = 0; from < data.length && seen.size <= most; from += channels) {
    let value = 0;
    for (let c = 0; c < parts; c++) value = value * 65536 + data[from + c]!;
    if (value === before) continue;
    before = value;
    seen.add(value);
  }
  return seen.size;
}
