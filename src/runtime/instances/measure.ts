import type { ClassMask, Pixels } from '../data/pixels.js';
import type { ObjectMap } from './separate.js';

/** What is measured of an object; lengths are in pixels, x to the right, y down, 0 at the top left corner of the image. */
export interface MeasuredObject {
  /** Its number in the label image. */
  readonly label: number;
  /** The class that most of its pixels have, borders apart. */
  readonly class: number;
  /** Pixels. */
  readonly area: number;
  /** The mean of the centres of its pixels. */
  readonly centroid: readonly [x: number, y: number];
  /** The left and the upper edge, width and height. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /**
   * The length of its outline, holes included: sides of pixels, of which two that meet at a
   * corner count as their diagonal, so that slanting edges are not too long (Kulpa 1977).
   */
  readonly perimeter: number;
  /** The mean probability that its pixels are of its class, or of its border. */
  readonly probability: number;
}

/** Sums over the pixels of an object. */
class Sums {
  area = 0;
  x = 0;
  y = 0;
  left = Infinity;
  right = 0;
  top = Infinity;
  bottom = 0;
  probability = 0;
  perimeter = 0;
  readonly classes = new Map<number, number>();
}

/**
 * Measures all objects of an image, in the order of their numbers.
 *
 * @param border the class of borders, where there is one.
 */
export function measureObjects(
  { width, labels, count }: ObjectMap,
  mask: ClassMask,
  probabilities: Pixels,
  border: number | undefined,
): readonly MeasuredObject[] {
  const all = Array.from({ length: count + 1 }, () => new Sums());
  for (const [at, label] of labels.entries()) {
    if (label === 0) continue;
    const sums = all[label]!;
    const [x, y] = [at % width, Math.floor(at / width)];
    sums.area += 1;
    sums.x += x + 0.5;
    sums.y += y + 0.5;
    sums.left = Math.min(sums.left, x);
    sums.right = Math.max(sums.right, x + 1);
    sums.top = Math.min(sums.top, y);
    sums.bottom = Math.max(sums.bottom, y + 1);
    const found = mask.data[at]!;
    if (found !== border) sums.classes.set(found, (sums.classes.get(found) ?? 0) + 1);
  }
  const classes = all.map((sums) => classOf(sums, border));
  for (const [at, label] of labels.entries()) {
    if (label === 0) continue;
    const { channels, data } = probabilities;
    const own = channels === 1 ? at : at * channels + classes[label]!;
    const edge = border === undefined ? 0 : data[at * channels + border]!;
    all[label]!.probability += data[own]! + edge;
  }
  addPerimeters(labels, width, all);
  return all.slice(1).map((sums, index) => {
    const { area, left, top, right, bottom, perimeter } = sums;
    return {
      label: index + 1,
      class: classes[index + 1]!,
      area,
      centroid: [sums.x / area, sums.y / area],
      box: [left, top, right - left, bottom - top],
      perimeter,
      probability: sums.probability / area,
    };
  });
}

/** The class of most pixels, the lower one of equals; of an object that is all border, the first that is none. */
function classOf({ classes }: Sums, border: number | undefined): number {
  const [best] = [...classes].sort(([a, m], [b, n]) => n - m || a - b);
  return best?.[0] ?? (border === 1 ? 2 : 1);
}

/** Looks at every corner of pixels: which of the four around it are of an object. */
function addPerimeters(labels: Int32Array, width: number, all: readonly Sums[]): void {
  const height = labels.length / width;
  const labelAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : labels[y * width + x]!;
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x <= width; x++) {
      const around = [labelAt(x - 1, y - 1), labelAt(x, y - 1), labelAt(x - 1, y), labelAt(x, y)];
      for (const label of new Set(around)) {
        if (label === 0) continue;
        const isIn = around.map((other) => other === label);
        const count = isIn.filter(Boolean).length;
        // Halves of two sides meet in every corner.
        if (count === 1 || count === 3) all[label]!.perimeter += Math.SQRT1_2;
        else if (count === 2) all[label]!.perimeter += isIn[0] === isIn[3] ? Math.SQRT2 : 1;
      }
    }
  }
}
