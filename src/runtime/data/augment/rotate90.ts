import type { Augmentation, Frame, Warp } from './augmentation.js';

/** How a window lies in the augmented image: its first row and column, and its size. */
export interface WindowPlace extends Frame {
  readonly top: number;
  readonly left: number;
}

/**
 * Turns by 0, 90, 180 or 270 degrees, each as likely as the others. It is the window that is
 * turned, about its own centre and last of all, so that pixels stay pixels and none is lost.
 */
export function buildRotate90(): Augmentation {
  return { kind: 'turn', draw: (random) => random.integer(4) };
}

/**
 * A turn of a window by some quarters; one that is not square keeps its size, and turns by halves:
 * once where the quarters are odd. Undefined for none.
 */
export function turnWindow(
  quarters: number,
  { top, left, height, width }: WindowPlace,
): Warp | undefined {
  const turns = height === width ? quarters % 4 : (quarters % 2) * 2;
  if (turns === 0) return undefined;
  const centreY = top + (height - 1) / 2;
  const centreX = left + (width - 1) / 2;
  return (at) => {
    const y = at.y - centreY;
    const x = at.x - centreX;
    if (turns === 2) {
      at.y = centreY - y;
      at.x = centreX - x;
      return;
    }
    at.y = turns === 1 ? centreY + x : centreY - x;
    at.x = turns === 1 ? centreX - y : centreX + y;
  };
}
