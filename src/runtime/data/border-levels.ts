import type { MaskLevels } from './mask-levels.js';

/**
 * The classes that a mask of numbered objects stands for: 0 outside of objects, 2 on their pixels
 * that lie within `width` steps, to sides or corners, of a pixel of another number, 1 on the others.
 * The edge of the image is no border.
 */
export function borderLevels(numbers: MaskLevels, borderWidth: number): MaskLevels {
  const { width, height, data } = numbers;
  const classes = data.map((number, at) => {
    if (number === 0) return 0;
    const [x, y] = [at % width, Math.floor(at / width)];
    const [left, right] = [Math.max(0, x - borderWidth), Math.min(width - 1, x + borderWidth)];
    const bottom = Math.min(height - 1, y + borderWidth);
    for (let row = Math.max(0, y - borderWidth); row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        if (data[row * width + column] !== number) return 2;
      }
    }
    return 1;
  });
  return { ...numbers, data: classes };
}
