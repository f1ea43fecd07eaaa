import type { ClassMask } from '../../../src/runtime/data/pixels.js';

/** A mask as a picture: a digit is a class, a point background. */
export function drawMask(...lines: readonly string[]): ClassMask {
  const height = lines.length;
  const width = lines[0]!.length;
  const data = Uint8Array.from(lines.join(''), (sign) => (sign === '.' ? 0 : Number(sign)));
  return { height, width, data };
}

/** The picture of a mask, or of labels. */
export function pictureOf({
  width,
  data,
}: {
  readonly width: number;
  readonly data: ArrayLike<number>;
}): readonly string[] {
  const signs = Array.from(data, (value) => (value === 0 ? '.' : value.toString(36)));
  return Array.from({ length: signs.length / width }, (_, row) =>
    signs.slice(row * width, (row + 1) * width).join(''),
  );
}
