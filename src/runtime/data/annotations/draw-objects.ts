import { IGNORED } from '../pixels.js';
import { fillShape, rowsOfEdges } from './fill.js';
import type { CategoryClass } from './category-classes.js';
import type { ImageSize, OutlinedObject } from './shapes.js';

/** Objects as pixels, height x width. */
export interface DrawnObjects {
  /** The class of each pixel; 0 outside of objects, `IGNORED` where a crowd lies alone. */
  readonly classes: Uint8Array;
  /** The number of each pixel's object, from 1 on in their order; 0 for none. */
  readonly numbers: Uint16Array | Uint32Array;
  /** Objects, crowds aside. */
  readonly objects: number;
  /** Those of them that hide pixels of an earlier one. */
  readonly overlapping: number;
}

/** Steps of painting that an image may take, seconds of work: a pixel is one, an edge in a row 16. */
const mostSteps = 2 ** 32;
const stepsOfEdge = 16;

/**
 * Draws the objects of an image in their order, a later one over an earlier one; crowds and what
 * has no class lie below all others. Undefined where that would take too long.
 */
export function drawObjects(
  outlined: readonly OutlinedObject[],
  size: ImageSize,
  classOf: (category: string) => CategoryClass,
): DrawnObjects | undefined {
  const pixels = size.width * size.height;
  const classes = new Uint8Array(pixels);
  const isLarge = outlined.length > 65_535;
  const numbers = isLarge ? new Uint32Array(pixels) : new Uint16Array(pixels);
  let steps = 0;
  /** Whether it hides another one; undefined where painting takes too long. */
  const paint = ({ shapes }: OutlinedObject, own: number, number: number): boolean | undefined => {
    let hides = false;
    for (const shape of shapes) {
      steps += stepsOfEdge * rowsOfEdges(shape, size);
      if (steps > mostSteps) return undefined;
      fillShape(shape, size, (row, first, end) => {
        steps += end - first;
        const [from, to] = [row * size.width + first, row * size.width + end];
        for (let at = from; at < to && !hides; at++) {
          hides = numbers[at] !== 0 && numbers[at] !== number;
        }
        classes.fill(own, from, to);
        numbers.fill(number, from, to);
      });
    }
    return hides;
  };
  const drawn = outlined.flatMap((object) => {
    const found = classOf(object.category);
    if (found === 'outside') return [];
    return [{ object, own: object.isCrowd || found === 'ignored' ? IGNORED : found }];
  });
  for (const { object, own } of drawn) {
    if (own === IGNORED && paint(object, own, 0) === undefined) return undefined;
  }
  let [objects, overlapping] = [0, 0];
  for (const { object, own } of drawn) {
    if (own === IGNORED) continue;
    const hides = paint(object, own, own === 0 ? 0 : objects + 1);
    if (hides === undefined) return undefined;
    if (own > 0) objects++;
    if (hides) overlapping++;
  }
  return { classes, numbers, objects, overlapping };
}
