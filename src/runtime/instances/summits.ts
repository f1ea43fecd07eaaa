import { squaredDistances } from '../data/distance-transform.js';
import { blurPixels } from '../data/gaussian.js';
import { createPixels, type ClassMask } from '../data/pixels.js';
import { labelObjects, type ObjectLabels } from '../losses/objects.js';

/**
 * Distances from the pixels of each class to what is not of it, in pixels; 0 on the background.
 * What lies outside the image is of no class and bounds nothing.
 *
 * @param blur deviation of the Gaussian that smooths them.
 */
export function insideDistances(mask: ClassMask, blur: number): Float32Array {
  const { width, height, data } = mask;
  const distances = createPixels(height, width, 1);
  for (const found of new Set(data)) {
    if (found === 0) continue;
    const outside = data.map((each) => (each === found ? 0 : 1));
    const squares = squaredDistances(outside, height, width);
    for (const [at, square] of squares.entries()) {
      if (data[at] !== found) continue;
      distances.data[at] = Math.min(Math.sqrt(square), height + width);
    }
  }
  blurPixels(distances, blur);
  return distances.data.map((value, at) => (data[at] === 0 ? 0 : value));
}

/** Below this, heights are one. */
const TINY = 1e-4;

/**
 * The summits of a surface that rise by `depth` above every pass to a higher one: the parts of
 * its h-domes that reach their full height (Vincent 1993). Classes are looked at apart.
 */
export function summits(surface: Float32Array, mask: ClassMask, depth: number): ObjectLabels {
  const { width, height, data } = mask;
  const level = surface.map((value) => value - depth);
  raise(level, surface, mask);
  const domes: ClassMask = {
    ...{ width, height },
    data: data.map((found, at) => (surface[at]! - level[at]! > TINY ? found : 0)),
  };
  const parts = labelObjects(domes, true);
  const isWhole = new Uint8Array(parts.boxes.length + 1);
  for (const [at, label] of parts.labels.entries()) {
    if (label !== 0 && surface[at]! - level[at]! >= depth - TINY) isWhole[label] = 1;
  }
  const labels = parts.labels.map((label) => (isWhole[label] === 1 ? label : 0));
  return { ...parts, labels };
}

/**
 * Grayscale reconstruction by dilation, over the eight neighbours of one class, by sweeps there
 * and back until nothing changes (Vincent 1993): `level` rises to what it reaches below `limit`.
 */
function raise(level: Float32Array, limit: Float32Array, { width, height, data }: ClassMask): void {
  const before = [-width - 1, -width, -width + 1, -1];
  const sides = [-1, 0, 1, -1];
  let hasChanged = true;
  const visit = (at: number, x: number, direction: 1 | -1): void => {
    let value = level[at]!;
    for (let k = 0; k < 4; k++) {
      const nextX = x + direction * sides[k]!;
      const other = at + direction * before[k]!;
      if (nextX < 0 || nextX >= width || other < 0 || other >= data.length) continue;
      if (data[other] === data[at] && level[other]! > value) value = level[other]!;
    }
    value = Math.min(value, limit[at]!);
    if (value <= level[at]!) return;
    level[at] = value;
    hasChanged = true;
  };
  while (hasChanged) {
    hasChanged = false;
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) if (data[at] !== 0) visit(at, x, 1);
    }
    for (let y = height - 1, at = data.length - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--, at--) if (data[at] !== 0) visit(at, x, -1);
    }
  }
}
