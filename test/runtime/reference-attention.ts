import type { AttentionOp } from '../../src/ir/operations/ops.js';
import { makeImage, type Image } from './reference-operations.js';

/**
 * Attention by its definition, pixel by pixel. Whether two pixels see each other, and where in
 * their window they lie, is told of their places in the image, with no axis moved.
 */
export function attend(
  [queries, keys, values]: readonly [Image, Image, Image],
  { heads, scaled, windows }: AttentionOp,
  table: ArrayLike<number> | undefined,
): Image {
  const depth = queries.shape[2] / heads;
  const part = values.shape[2] / heads;
  const [height, width] = keys.shape;
  const pixels = Array.from({ length: height * width }, (_, at) => [
    Math.floor(at / width),
    at % width,
  ]) as readonly (readonly [number, number])[];
  const window = (place: number, length: number) => windowOf(place, length, windows);
  const weightsAt = (y: number, x: number, head: number): readonly number[] => {
    const products = pixels.map(([row, column]) => {
      const added = windows === undefined ? 0 : raisedBy(y, x, row, column, head);
      let sum = 0;
      for (let c = head * depth; c < (head + 1) * depth; c++) {
        sum += valueAt(queries, y, x, c) * valueAt(keys, row, column, c);
      }
      return (scaled ? sum / Math.sqrt(depth) : sum) + added;
    });
    const most = Math.max(...products);
    const all = products.map((each) => Math.exp(each - most));
    const total = all.reduce((sum, each) => sum + each, 0);
    return all.map((each) => each / total);
  };
  function raisedBy(y: number, x: number, row: number, column: number, head: number): number {
    const [one, other] = [
      [window(y, height), window(x, width)],
      [window(row, height), window(column, width)],
    ] as const;
    const isSeen = [0, 1].every((axis) => {
      return one[axis]!.number === other[axis]!.number && one[axis]!.side === other[axis]!.side;
    });
    if (!isSeen) return -Infinity;
    if (table === undefined) return 0;
    const { size } = windows!;
    const [down, across] = [0, 1].map((axis) => one[axis]!.place - other[axis]!.place + size - 1);
    return table[(down! * (2 * size - 1) + across!) * heads + head]!;
  }
  const known = new Map<string, readonly number[]>();
  return makeImage([queries.shape[0], queries.shape[1], values.shape[2]], (y, x, c) => {
    const head = Math.floor(c / part);
    const key = [y, x, head].join();
    const weights = known.get(key) ?? weightsAt(y, x, head);
    known.set(key, weights);
    return pixels.reduce(
      (sum, [row, column], at) => sum + weights[at]! * valueAt(values, row, column, c),
      0,
    );
  });
}

/** The window of a place, its place in it, and the side of the image that it is on. */
function windowOf(
  place: number,
  length: number,
  windows: AttentionOp['windows'],
): { readonly number: number; readonly place: number; readonly side: number } {
  if (windows === undefined) return { number: 0, place, side: 0 };
  const { size } = windows;
  const shift = length > size ? windows.shift : 0;
  // What lies before the first window shares one with the end.
  const from = (place - shift + length) % length;
  return { number: Math.floor(from / size), place: from % size, side: place < shift ? 1 : 0 };
}

const valueAt = ({ shape: [, width, channels], values }: Image, y: number, x: number, c: number) =>
  values[(y * width + x) * channels + c]!;
