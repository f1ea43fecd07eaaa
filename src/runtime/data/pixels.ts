/**
 * Pixels as floats, height x width x channels, channels interleaved. Values
 * are 0 to 1 (the file's range) until they are standardised.
 */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** One class index a pixel, height x width; `IGNORED` marks pixels that have no class. */
export interface ClassMask {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/**
 * What heads with targets of their own should give, by their names: planes, height x width each,
 * of class numbers or one for each channel. NaN where there is no value.
 */
export type TargetPlanes = ReadonlyMap<string, readonly Float32Array[]>;

/** The classes that a plane of class numbers stands for. */
export const maskOfPlane = (plane: Float32Array): Uint8Array =>
  Uint8Array.from(plane, (value) => (Number.isNaN(value) ? IGNORED : value));

/** Planes made of others, one by one. */
export function mapPlanes(
  planes: TargetPlanes,
  make: (plane: Float32Array, head: string, channel: number) => Float32Array,
): TargetPlanes {
  return new Map(
    [...planes].map(([head, own]) => [head, own.map((plane, at) => make(plane, head, at))]),
  );
}

/** The value of mask pixels that take no part in training and metrics. */
export const IGNORED = 255;

export function createPixels(height: number, width: number, channels: number): Pixels {
  return { height, width, channels, data: new Float32Array(height * width * channels) };
}

export function createClassMask(height: number, width: number): ClassMask {
  return { height, width, data: new Uint8Array(height * width) };
}

/**
 * The index inside 0 to n - 1 that a mirror at the first and the last pixel
 * shows at `i`: `d c b | a b c d | c b a`. The mirrors repeat without end, so
 * any `i` has an answer; a single pixel is repeated. numpy's `reflect`.
 */
export function reflectIndex(i: number, n: number): number {
  if (i >= 0 && i < n) return i;
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}

/** As `reflectIndex`, for positions between pixels: the result lies in [0, n - 1]. */
export function reflectPosition(position: number, n: number): number {
  const last = n - 1;
  if (position >= 0 && position <= last) return position;
  if (n === 1) return 0;
  const folded = Math.abs(position) % (2 * last);
  return folded <= last ? folded : 2 * last - folded;
}
