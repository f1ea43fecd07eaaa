import type { Random } from '../random.js';
import type { Position, Warp } from './augment/augmentation.js';
import { IGNORED, type ClassMask } from './pixels.js';

/** Pixels that are tried until one is not moved out of the image. */
const attempts = 8;

/**
 * A pixel of foreground that a crop is to hold, for a part of the samples: the classes of the mask
 * are as likely as each other, and so are the pixels of a class. The result is where a warp shows
 * that pixel in the augmented image, inside of it; undefined for the other samples, and where the
 * mask has nothing but background.
 *
 * @param share of the samples.
 * @param random a stream for this alone.
 */
export function drawForeground(
  mask: ClassMask,
  warp: Warp | undefined,
  share: number,
  random: Random,
): Position | undefined {
  if (random.uniform() >= share) return undefined;
  const counts = new Uint32Array(256);
  for (const found of mask.data) counts[found]!++;
  const present = [...counts.keys()].filter((each) => {
    return each > 0 && each < IGNORED && counts[each]! > 0;
  });
  if (present.length === 0) return undefined;
  let at: Position = { y: 0, x: 0 };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const own = present[random.integer(present.length)]!;
    const place = placeOf(mask, own, random.integer(counts[own]!));
    at = whereShown({ y: Math.floor(place / mask.width), x: place % mask.width }, warp);
    const isInside =
      at.y >= -0.5 && at.y < mask.height - 0.5 && at.x >= -0.5 && at.x < mask.width - 0.5;
    if (isInside) break;
  }
  return { y: clamped(at.y, mask.height), x: clamped(at.x, mask.width) };
}

/** Where a window of `cover` pixels starts that holds a place, anywhere in it; in the middle where it is larger. */
export function placeAround(at: number, size: number, cover: number, random: Random): number {
  if (size <= cover) return -Math.floor((cover - size) / 2);
  const start = Math.floor(at + 0.5) - random.integer(cover);
  return Math.min(size - cover, Math.max(0, start));
}

const clamped = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

/** The index of a pixel of a class, counted from 0 among these. */
function placeOf({ data }: ClassMask, wanted: number, number: number): number {
  let place = data.indexOf(wanted);
  for (let left = number; left > 0; left--) place = data.indexOf(wanted, place + 1);
  return place;
}

/**
 * The place that a warp takes to `target`: Newton's method with differences over one pixel, which
 * is exact for affine warps at the first step.
 */
function whereShown(target: Position, warp: Warp | undefined): Position {
  if (warp === undefined) return target;
  const apply = (y: number, x: number): Position => {
    const at = { y, x };
    warp(at);
    return at;
  };
  let { y, x } = target;
  for (let step = 0; step < 10; step++) {
    const [here, below, beside] = [apply(y, x), apply(y + 1, x), apply(y, x + 1)];
    const [offY, offX] = [here.y - target.y, here.x - target.x];
    if (Math.abs(offY) + Math.abs(offX) < 0.01) break;
    const [a, b] = [below.y - here.y, beside.y - here.y];
    const [c, d] = [below.x - here.x, beside.x - here.x];
    const determinant = a * d - b * c;
    if (Math.abs(determinant) < 1e-6) break;
    y -= (d * offY - b * offX) / determinant;
    x -= (a * offX - c * offY) / determinant;
  }
  return { y, x };
}
