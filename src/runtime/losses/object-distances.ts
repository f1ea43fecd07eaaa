import { squaredDistances } from '../data/distance-transform.js';
import type { ObjectLabels } from './objects.js';

/**
 * How far each pixel of an object lies from the nearest pixel that is not of it, divided by the
 * largest such distance of its object: above 0 and up to 1; 0 outside of objects, height x width.
 * Distances are Euclidean, between the centres of pixels. Behind the edge of the image there is
 * nothing, so an object that fills the image is 1 everywhere.
 */
export function objectDistances({ height, width, labels, boxes }: ObjectLabels): Float32Array {
  const distances = new Float32Array(labels.length);
  for (const [index, box] of boxes.entries()) {
    const label = index + 1;
    // No pixel behind the next row or column is nearer than one in it.
    const [top, left] = [Math.max(0, box.top - 1), Math.max(0, box.left - 1)];
    const rows = Math.min(height, box.bottom + 1) - top;
    const columns = Math.min(width, box.right + 1) - left;
    const outside = new Uint8Array(rows * columns);
    const placeOf = (at: number): number =>
      (top + Math.floor(at / columns)) * width + left + (at % columns);
    for (let at = 0; at < outside.length; at++) {
      outside[at] = labels[placeOf(at)] === label ? 0 : 1;
    }
    const squares = squaredDistances(outside, rows, columns);
    let most = 0;
    for (const square of squares) if (square > most) most = square;
    for (let at = 0; at < outside.length; at++) {
      if (outside[at] === 1) continue;
      distances[placeOf(at)] = most === Infinity ? 1 : Math.sqrt(squares[at]! / most);
    }
  }
  return distances;
}
