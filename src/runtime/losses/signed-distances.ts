import { squaredDistances } from '../data/distance-transform.js';

/**
 * The signed distance of every pixel to the outline of a region, in pixels, as the authors of
 * the boundary loss have it (Kervadec et al. 2019): outside the distance to the nearest pixel
 * of the region, inside 1 less than the distance to the nearest pixel outside, negative. All
 * are 0 where the region is empty or holds every pixel that is known.
 *
 * @param region height x width: 1 inside, 0 outside; any other value where it is not known,
 *   which is neither and has distance 0.
 */
export function signedDistances(region: Uint8Array, height: number, width: number): Float32Array {
  const signed = new Float32Array(region.length);
  const inside = region.map((found) => (found === 1 ? 1 : 0));
  const outside = region.map((found) => (found === 0 ? 1 : 0));
  if (!inside.includes(1) || !outside.includes(1)) return signed;
  const toInside = squaredDistances(inside, height, width);
  const toOutside = squaredDistances(outside, height, width);
  for (let at = 0; at < signed.length; at++) {
    if (region[at] === 0) signed[at] = Math.sqrt(toInside[at]!);
    else if (region[at] === 1) signed[at] = 1 - Math.sqrt(toOutside[at]!);
  }
  return signed;
}
