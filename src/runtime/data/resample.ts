import {
  createClassMask,
  createPixels,
  reflectIndex,
  type ClassMask,
  type Pixels,
} from './pixels.js';

/** For each output position: the first input position and the weights from there on. */
interface AxisWeights {
  readonly starts: Int32Array;
  readonly weights: Float64Array;
  readonly taps: number;
}

/**
 * An image at another size, pixel centres at half positions (`align_corners`
 * false). Bilinear; when an axis shrinks, the triangle widens with the factor
 * so that nothing aliases, as in Pillow's `BILINEAR` and TensorFlow's
 * `antialias`. The same size returns the image itself.
 */
export function resizePixels(pixels: Pixels, height: number, width: number): Pixels {
  return resizeRows(resizeColumns(pixels, width), height);
}

/** A mask at another size by the nearest pixel centre. */
export function resizeMask(mask: ClassMask, height: number, width: number): ClassMask {
  if (height === mask.height && width === mask.width) return mask;
  const resized = createClassMask(height, width);
  for (let y = 0; y < height; y++) {
    const fromY = Math.floor(((y + 0.5) * mask.height) / height);
    for (let x = 0; x < width; x++) {
      const fromX = Math.floor(((x + 0.5) * mask.width) / width);
      resized.data[y * width + x] = mask.data[fromY * mask.width + fromX]!;
    }
  }
  return resized;
}

/** Values of another size by the nearest pixel centre, as `resizeMask` takes them. */
export function resizeNearest(
  values: Float32Array,
  from: { readonly height: number; readonly width: number },
  height: number,
  width: number,
): Float32Array {
  if (height === from.height && width === from.width) return values;
  const resized = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * from.height) / height) * from.width;
    for (let x = 0; x < width; x++) {
      resized[y * width + x] = values[row + Math.floor(((x + 0.5) * from.width) / width)]!;
    }
  }
  return resized;
}

/** Some rows of an image of `height` rows, from row `firstRow` on. */
interface ImageRows<T> {
  readonly rows: Plane<T>;
  readonly firstRow: number;
  readonly height: number;
}

/** The part of an image that starts at (top, left), which may lie outside: mirrors fill it. */
export function cutPixels(
  image: Pixels,
  top: number,
  left: number,
  height: number,
  width: number,
): Pixels {
  const part = createPixels(height, width, image.channels);
  copyPart({ rows: image, firstRow: 0, height: image.height }, top, left, part);
  return part;
}

/** Values of interleaved channels, height x width x channels. */
interface Plane<T> {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: T;
}

/** As `cutPixels`, into `part`; the rows that it shows must be there. */
export function copyPart<T extends Float32Array | Uint8Array | Uint16Array>(
  { rows, firstRow, height }: ImageRows<T>,
  top: number,
  left: number,
  part: Plane<T>,
): void {
  const { channels } = rows;
  const isInside = left >= 0 && left + part.width <= rows.width;
  const line = part.width * channels;
  for (let y = 0; y < part.height; y++) {
    const row = (reflectIndex(top + y, height) - firstRow) * rows.width;
    if (isInside) {
      const from = (row + left) * channels;
      part.data.set(rows.data.subarray(from, from + line), y * line);
      continue;
    }
    for (let x = 0; x < part.width; x++) {
      const from = (row + reflectIndex(left + x, rows.width)) * channels;
      const to = (y * part.width + x) * channels;
      for (let c = 0; c < channels; c++) part.data[to + c] = rows.data[from + c]!;
    }
  }
}

/** The first row, and the one behind the last, that a part of `height` rows from `top` on reads. */
export function rowsOfPart(
  top: number,
  height: number,
  wholeHeight: number,
): readonly [number, number] {
  let first = wholeHeight;
  let end = 0;
  for (let y = top; y < top + height; y++) {
    const row = reflectIndex(y, wholeHeight);
    first = Math.min(first, row);
    end = Math.max(end, row + 1);
  }
  return [first, end];
}

function weighAxis(from: number, to: number): AxisWeights {
  const factor = from / to;
  const reach = Math.max(1, factor);
  const taps = Math.min(from, Math.ceil(reach * 2) + 1);
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * factor - 0.5;
    const start = Math.max(0, Math.min(from - taps, Math.ceil(centre - reach)));
    starts[i] = start;
    let sum = 0;
    for (let t = 0; t < taps; t++) {
      const weight = Math.max(0, 1 - Math.abs(start + t - centre) / reach);
      weights[i * taps + t] = weight;
      sum += weight;
    }
    for (let t = 0; t < taps; t++) weights[i * taps + t]! /= sum;
  }
  return { starts, weights, taps };
}

/** As `resizePixels`, the width alone. */
export function resizeColumns(pixels: Pixels, width: number): Pixels {
  if (width === pixels.width) return pixels;
  const { starts, weights, taps } = weighAxis(pixels.width, width);
  const { height, channels } = pixels;
  const resized = createPixels(height, width, channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * pixels.width + starts[x]!) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let t = 0; t < taps; t++) {
          sum += weights[x * taps + t]! * pixels.data[from + t * channels + c]!;
        }
        resized.data[(y * width + x) * channels + c] = sum;
      }
    }
  }
  return resized;
}

/** As `resizePixels`, the height alone; of the result only the rows from `first` to before `end`. */
export function resizeRows(pixels: Pixels, height: number, first = 0, end = height): Pixels {
  if (height === pixels.height && first === 0 && end === height) return pixels;
  const { starts, weights, taps } = weighAxis(pixels.height, height);
  const row = pixels.width * pixels.channels;
  const resized = createPixels(end - first, pixels.width, pixels.channels);
  for (let y = first; y < end; y++) {
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let t = 0; t < taps; t++) {
        sum += weights[y * taps + t]! * pixels.data[(starts[y]! + t) * row + i]!;
      }
      resized.data[(y - first) * row + i] = sum;
    }
  }
  return resized;
}
