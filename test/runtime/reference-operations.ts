import type { Coordinates, Edges, Pair } from '../../src/ir/operations/ops.js';

/**
 * Operations on images as their definitions say, in float64 and without care for
 * speed: what engines are compared with.
 */

/** An image [height, width, channels]. */
export interface Image {
  readonly shape: readonly [number, number, number];
  readonly values: Float64Array;
}

export function makeImage(
  shape: readonly [number, number, number],
  valueAt: (y: number, x: number, c: number) => number,
): Image {
  const [height, width, channels] = shape;
  const values = new Float64Array(height * width * channels);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) values[at++] = valueAt(y, x, c);
    }
  }
  return { shape, values };
}

/** The value at a place; undefined outside. */
function pixel({ shape: [h, w, channels], values }: Image, y: number, x: number, c: number) {
  return y < 0 || y >= h || x < 0 || x >= w ? undefined : values[(y * w + x) * channels + c];
}

const at = (image: Image, y: number, x: number, c: number): number => pixel(image, y, x, c) ?? 0;

export interface Windows {
  readonly size: Pair;
  readonly stride: Pair;
  readonly dilation?: Pair;
  readonly edges: Edges;
}

/** Where the taps of one window lie. */
function taps({ size, stride, dilation = [1, 1], edges }: Windows, y: number, x: number) {
  return Array.from({ length: size[0] * size[1] }, (_, tap) => {
    const [i, j] = [Math.floor(tap / size[1]), tap % size[1]];
    return {
      tap,
      y: y * stride[0] - edges.top + i * dilation[0],
      x: x * stride[1] - edges.left + j * dilation[1],
    };
  });
}

/** floor((in + edges - reach) / stride) + 1. */
function windowCount({ size, stride, dilation = [1, 1], edges }: Windows, { shape }: Image): Pair {
  const along = (axis: 0 | 1, added: number): number =>
    Math.floor((shape[axis] + added - (size[axis] - 1) * dilation[axis] - 1) / stride[axis]) + 1;
  return [along(0, edges.top + edges.bottom), along(1, edges.left + edges.right)];
}

/** Convolution with kernel [kh, kw, in / groups, out]; depthwise where a group is a channel. */
export function convolve(
  image: Image,
  kernel: ArrayLike<number>,
  filters: number,
  groups: number,
  windows: Windows,
): Image {
  const read = image.shape[2] / groups;
  return makeImage([...windowCount(windows, image), filters], (y, x, o) => {
    const first = Math.floor(o / (filters / groups)) * read;
    return taps(windows, y, x).reduce((sum, place) => {
      for (let c = 0; c < read; c++) {
        const weight = kernel[(place.tap * read + c) * filters + o]!;
        sum += at(image, place.y, place.x, first + c) * weight;
      }
      return sum;
    }, 0);
  });
}

/** The mean or the maximum of the pixels of each window that exist. */
export function pool(image: Image, kind: 'mean' | 'max', windows: Windows): Image {
  return makeImage([...windowCount(windows, image), image.shape[2]], (y, x, c) => {
    const seen = taps(windows, y, x)
      .map((place) => pixel(image, place.y, place.x, c))
      .filter((value) => value !== undefined);
    return kind === 'max'
      ? Math.max(...seen)
      : seen.reduce((sum, value) => sum + value, 0) / seen.length;
  });
}

/** Values of x where the windows of an image have their maxima, the first of equals; zeros elsewhere. */
export function unpool(x: Image, image: Image, windows: Windows): Image {
  const places = new Map<string, number>();
  for (let y = 0; y < x.shape[0]; y++) {
    for (let column = 0; column < x.shape[1]; column++) {
      for (let c = 0; c < x.shape[2]; c++) {
        const seen = taps(windows, y, column)
          .map((place) => ({ ...place, value: pixel(image, place.y, place.x, c) }))
          .filter(({ value }) => value !== undefined);
        const most = Math.max(...seen.map(({ value }) => value!));
        const first = seen.find(({ value }) => value === most)!;
        places.set([first.y, first.x, c].join(), at(x, y, column, c));
      }
    }
  }
  return makeImage(image.shape, (y, column, c) => places.get([y, column, c].join()) ?? 0);
}

/** The mean or the maximum of each of `bins` along both axes: pixels floor(i in / bins) to ceil((i + 1) in / bins) - 1. */
export function poolBins(image: Image, bins: Pair, take: 'mean' | 'max'): Image {
  const members = (axis: 0 | 1, bin: number): readonly number[] =>
    Array.from({ length: image.shape[axis] }, (_, place) => place).filter((place) => {
      const [size, parts] = [image.shape[axis], bins[axis]];
      return place >= Math.floor((bin * size) / parts) && place < ((bin + 1) * size) / parts;
    });
  return makeImage([...bins, image.shape[2]], (y, x, c) => {
    const seen = members(0, y).flatMap((row) =>
      members(1, x).map((column) => at(image, row, column, c)),
    );
    if (take === 'max') return Math.max(...seen);
    return seen.reduce((sum, value) => sum + value, 0) / seen.length;
  });
}

/** Linear interpolation along both axes by one kind of coordinates. */
export function resizeLinearly(
  image: Image,
  [height, width]: Pair,
  coordinates: Coordinates,
): Image {
  const position = (index: number, into: number, out: number): number => {
    switch (coordinates) {
      case 'half_pixel':
        return Math.max(0, ((index + 0.5) * into) / out - 0.5);
      case 'align_corners':
        return out === 1 ? 0 : (index * (into - 1)) / (out - 1);
      case 'asymmetric':
        return (index * into) / out;
    }
  };
  const [inHeight, inWidth, channels] = image.shape;
  return makeImage([height, width, channels], (y, x, c) => {
    const [v, u] = [position(y, inHeight, height), position(x, inWidth, width)];
    const [top, left] = [Math.floor(v), Math.floor(u)];
    const value = (row: number, column: number): number =>
      at(image, Math.min(row, inHeight - 1), Math.min(column, inWidth - 1), c);
    const upper = value(top, left) * (1 - u + left) + value(top, left + 1) * (u - left);
    const lower = value(top + 1, left) * (1 - u + left) + value(top + 1, left + 1) * (u - left);
    return upper * (1 - v + top) + lower * (v - top);
  });
}

/** The pixel whose centre is nearest; of two, the later one. */
export function resizeNearest(
  image: Image,
  [height, width]: Pair,
  coordinates: Coordinates,
): Image {
  const [inHeight, inWidth, channels] = image.shape;
  return makeImage([height, width, channels], (y, x, c) =>
    at(
      image,
      nearest(y, inHeight, height, coordinates),
      nearest(x, inWidth, width, coordinates),
      c,
    ),
  );
}

function nearest(index: number, from: number, to: number, coordinates: Coordinates): number {
  switch (coordinates) {
    case 'half_pixel':
      return Math.floor(((index + 0.5) * from) / to);
    case 'align_corners':
      return to === 1 ? 0 : Math.round((index * (from - 1)) / (to - 1));
    case 'asymmetric':
      return Math.floor((index * from) / to);
  }
}

/** Pixels beyond the image: mirrored, which repeats no outermost one, those again, or of the other side. */
export function extend(
  image: Image,
  edges: Edges,
  mode: 'reflect' | 'replicate' | 'circular',
): Image {
  const [height, width, channels] = image.shape;
  const mirrored = (index: number, size: number): number => {
    if (mode === 'circular') return (index + size) % size;
    if (mode === 'replicate') return Math.min(Math.max(index, 0), size - 1);
    return index < 0 ? -index : index < size ? index : 2 * (size - 1) - index;
  };
  const shape = [height + edges.top + edges.bottom, width + edges.left + edges.right] as const;
  return makeImage([...shape, channels], (y, x, c) =>
    at(image, mirrored(y - edges.top, height), mirrored(x - edges.left, width), c),
  );
}

/**
 * Transposed convolution with kernel [kh, kw, out, in]: each pixel adds its
 * multiple of the kernel; `edges` are cut off, negative ones add nothing's pixels.
 */
export function convolveTransposed(
  image: Image,
  kernel: ArrayLike<number>,
  filters: number,
  { size, stride, edges }: Windows,
): Image {
  const [height, width, channels] = image.shape;
  const rows = (height - 1) * stride[0] + size[0] - edges.top - edges.bottom;
  const columns = (width - 1) * stride[1] + size[1] - edges.left - edges.right;
  return makeImage([rows, columns, filters], (y, x, o) => {
    let sum = 0;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const row = y + edges.top - i * stride[0];
        const column = x + edges.left - j * stride[1];
        if (row < 0 || row >= size[0] || column < 0 || column >= size[1]) continue;
        for (let c = 0; c < channels; c++) {
          const weight = kernel[((row * size[1] + column) * filters + o) * channels + c]!;
          sum += at(image, i, j, c) * weight;
        }
      }
    }
    return sum;
  });
}

/** (x - mean) / sqrt(variance + epsilon) over the group of channels, in an image or in a pixel. */
export function normalise(
  image: Image,
  { groups, perPixel, epsilon }: { groups: number; perPixel: boolean; epsilon: number },
): Image {
  const size = image.shape[2] / groups;
  return makeImage(image.shape, (y, x, c) => {
    const group = Math.floor(c / size);
    const members: number[] = [];
    makeImage(image.shape, (row, column, channel) => {
      const isHere = !perPixel || (row === y && column === x);
      if (isHere && Math.floor(channel / size) === group) {
        members.push(at(image, row, column, channel));
      }
      return 0;
    });
    const mean = members.reduce((sum, value) => sum + value, 0) / members.length;
    const variance = members.reduce((sum, value) => sum + (value - mean) ** 2, 0) / members.length;
    return (at(image, y, x, c) - mean) / Math.sqrt(variance + epsilon);
  });
}

/** Pixel (i, j) of the blocks of channel k becomes channel (k, i, j). */
export function unshuffle(image: Image, factor: number, channelsFirst: boolean): Image {
  const [height, width, channels] = image.shape;
  const area = factor * factor;
  return makeImage([height / factor, width / factor, channels * area], (y, x, c) => {
    const [k, place] = channelsFirst
      ? [Math.floor(c / area), c % area]
      : [c % channels, Math.floor(c / channels)];
    const [row, column] = [Math.floor(place / factor), place % factor];
    return at(image, y * factor + row, x * factor + column, k);
  });
}

/** Channel (k, i, j) becomes pixel (i, j) of the blocks of channel k. */
export function shuffle(image: Image, factor: number, channelsFirst: boolean): Image {
  const [height, width, deep] = image.shape;
  const channels = deep / (factor * factor);
  return makeImage([height * factor, width * factor, channels], (y, x, k) => {
    const place = (y % factor) * factor + (x % factor);
    const channel = channelsFirst ? k * factor * factor + place : place * channels + k;
    return at(image, Math.floor(y / factor), Math.floor(x / factor), channel);
  });
}
