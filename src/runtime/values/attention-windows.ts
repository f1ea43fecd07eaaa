import * as tf from '../tensorflow.js';

/** Windows of `size` x `size` pixels, whose grid lies `shift` pixels below and right of the corner. */
export interface AttentionWindows {
  readonly size: number;
  readonly shift: number;
}

/** How far the windows of an axis are shifted: not at all where it is one window long. */
const shiftOf = (length: number, { size, shift }: AttentionWindows): number =>
  length > size ? shift : 0;

/** Moves rows and columns by the shift; those that leave on one side come back on the other. */
function rolled(x: tf.Tensor4D, windows: AttentionWindows, sign: 1 | -1): tf.Tensor4D {
  let moved = x;
  for (const axis of [1, 2] as const) {
    const length = x.shape[axis];
    const by = (length + sign * shiftOf(length, windows)) % length;
    if (by === 0) continue;
    const [first, last] = tf.split(moved, [by, length - by], axis);
    moved = tf.concat([last!, first!], axis) as tf.Tensor4D;
  }
  return moved;
}

/** The windows of x [n, h, w, c]: [n * windows, size * size, c]. */
export function cutWindows(x: tf.Tensor4D, windows: AttentionWindows): tf.Tensor3D {
  const { size } = windows;
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / size, width / size];
  const cut = tf.reshape(rolled(x, windows, 1), [batch, rows, size, columns, size, channels]);
  const shape: [number, number, number] = [batch * rows * columns, size * size, channels];
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), shape);
}

/** The image [n, h, w, c] of those windows. */
export function joinWindows(
  cut: tf.Tensor3D,
  [batch, height, width]: readonly number[],
  windows: AttentionWindows,
): tf.Tensor4D {
  const { size } = windows;
  const channels = cut.shape[2];
  const [rows, columns] = [height! / size, width! / size];
  const whole = tf.reshape(cut, [batch!, rows, columns, size, size, channels]);
  const shape: [number, number, number, number] = [batch!, height!, width!, channels];
  const image = tf.reshape<tf.Rank.R4>(tf.transpose(whole, [0, 1, 3, 2, 4, 5]), shape);
  return rolled(image, windows, -1);
}

/**
 * What is added to the products of pixels of each window, [windows, size^2, size^2]: much less
 * than 0 where one came from the other side of the image; undefined where none did.
 */
export function sidesApart(
  [, height, width]: readonly number[],
  windows: AttentionWindows,
): tf.Tensor3D | undefined {
  const { size } = windows;
  const sides = ([height, width] as number[]).map((length) => {
    const shift = shiftOf(length, windows);
    return Array.from({ length }, (_, at) => (at >= length - shift ? 1 : 0));
  }) as [number[], number[]];
  if (!sides.some((axis) => axis.includes(1))) return undefined;
  const [rows, columns] = [height! / size, width! / size];
  const area = size * size;
  const sum = new Float32Array(rows * columns * area * area);
  let at = 0;
  for (let window = 0; window < rows * columns; window++) {
    const [top, left] = [Math.floor(window / columns) * size, (window % columns) * size];
    const side = Array.from({ length: area }, (_, pixel) => {
      const row = sides[0][top + Math.floor(pixel / size)]!;
      return 2 * row + sides[1][left + (pixel % size)]!;
    });
    for (const one of side) for (const other of side) sum[at++] = one === other ? 0 : apart;
  }
  return tf.tensor3d(sum, [rows * columns, area, area]);
}

/** Beside it no product of two pixels is anything in float32, and it is finite in float16. */
const apart = -30_000;

/**
 * The weights of a table [(2 s - 1)^2, heads] for every two pixels of a window, [heads, s^2, s^2]:
 * row (i1 - i2 + s - 1) (2 s - 1) + j1 - j2 + s - 1. By products with a matrix of each axis,
 * which every engine differentiates.
 */
export function relativeWeights(table: tf.Tensor2D, size: number): tf.Tensor3D {
  const heads = table.shape[1];
  const offsets = 2 * size - 1;
  const pairs = new Float32Array(size * size * offsets);
  for (let one = 0; one < size; one++) {
    for (let other = 0; other < size; other++) {
      pairs[(one * size + other) * offsets + one - other + size - 1] = 1;
    }
  }
  const matrix = tf.tensor2d(pairs, [size * size, offsets]);
  const byRow = tf.matMul(matrix, tf.reshape(table, [offsets, offsets * heads]));
  const turned = tf.transpose(tf.reshape(byRow, [size * size, offsets, heads]), [1, 0, 2]);
  const both = tf.matMul(matrix, tf.reshape(turned, [offsets, size * size * heads]));
  // [j1, j2, i1, i2, heads]
  const places = tf.reshape(both, [size, size, size, size, heads]);
  const shape: [number, number, number] = [heads, size * size, size * size];
  return tf.reshape(tf.transpose(places, [4, 2, 0, 3, 1]), shape);
}
