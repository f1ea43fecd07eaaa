import type { AxisSizes } from '../../ir/recipe.js';

/** The sizes of a network's two axes, for one of its outputs. */
export interface PlaneSizes {
  readonly height: AxisSizes;
  readonly width: AxisSizes;
  /** The name of the output that is trained or predicted. */
  readonly output: string;
}

/**
 * How an output lies in its input along one axis: its `output` pixels stand
 * for the `cover` input pixels that begin `margin` pixels after the input's
 * start. Padded networks: cover = input = output. The 2015 U-Net: input 572,
 * margin 92, cover = output = 388. An output of half the resolution: input 256,
 * margin 0, cover 256, output 128.
 */
export interface AxisGeometry {
  readonly input: number;
  readonly margin: number;
  readonly cover: number;
  readonly output: number;
}

/** The geometry for a legal input size. */
export function axisGeometry(axis: AxisSizes, output: string, input: number): AxisGeometry {
  const size = axis.outputSize(output, input);
  const cover = Math.min(input, Math.round(size / outputScale(axis, output, input)));
  return { input, margin: Math.floor((input - cover) / 2), cover, output: size };
}

/** How many pixels more an input may have for its output to need no resizing: as many as networks divide by. */
const exactWithin = 32;

/**
 * The geometry of the smallest legal input whose output covers `size` pixels; undefined
 * when none does. Where that output would have to be resized and one of an input that is
 * hardly larger would not, that one: a network that rounds its sizes up takes 255 pixels
 * and gives 256, and pixels of an input of 256 are met exactly.
 */
export function geometryCovering(
  axis: AxisSizes,
  output: string,
  size: number,
): AxisGeometry | undefined {
  const least = leastCovering(axis, output, size);
  if (least === undefined || isExact(axis, output, least)) return least;
  let input = axis.legalAtLeast(least.input + 1);
  while (input !== undefined && input <= least.input + exactWithin) {
    const geometry = axisGeometry(axis, output, input);
    if (geometry.cover >= size && isExact(axis, output, geometry)) return geometry;
    input = axis.legalAtLeast(input + 1);
  }
  return least;
}

function leastCovering(axis: AxisSizes, output: string, size: number): AxisGeometry | undefined {
  let input = axis.legalAtLeast(size);
  while (input !== undefined) {
    const geometry = axisGeometry(axis, output, input);
    if (geometry.cover >= size) return geometry;
    // An output of one size, as behind global pooling, covers no more however large the input.
    const far = axis.legalAtLeast(4 * input + 1024);
    if (far !== undefined && axis.outputSize(output, far) <= geometry.output) return undefined;
    // Covering grows at most as fast as the input, so no size between can do.
    input = axis.legalAtLeast(input + size - geometry.cover);
  }
  return undefined;
}

/** Whether each pixel of the output stands for a whole number of input pixels, or the other way round. */
function isExact(
  axis: AxisSizes,
  output: string,
  { input, cover, output: size }: AxisGeometry,
): boolean {
  return size === cover * outputScale(axis, output, input);
}

/**
 * Output pixels for one input pixel. A margin and a scale look alike at one
 * size, so the scale is the growth between two sizes far apart, rounded to a
 * whole number or the inverse of one. A network of one legal size has a scale
 * where the sizes divide each other, else a margin.
 */
function outputScale(axis: AxisSizes, output: string, input: number): number {
  const other =
    axis.legalAtLeast(4 * input + 1024) ??
    axis.legalAtLeast(input + 1) ??
    axis.legalAtMost(input - 1);
  const size = axis.outputSize(output, input);
  if (other !== undefined) {
    const growth = (axis.outputSize(output, other) - size) / (other - input);
    if (growth <= 0) return 1;
    return growth >= 1 ? Math.round(growth) : 1 / Math.round(1 / growth);
  }
  return size > 0 && (input % size === 0 || size % input === 0) ? size / input : 1;
}

/** A size in words: `256 x 256`, or with the order where it matters. */
export function describeSize(height: number, width: number): string {
  return height === width ? `${width} x ${height}` : `${width} x ${height} (width x height)`;
}
