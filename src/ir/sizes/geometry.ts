import type { AxisSizes } from '../recipe.js';

/** The sizes of a network's two axes, for one of its outputs. */
export interface PlaneSizes {
  readonly height: AxisSizes;
  readonly width: AxisSizes;
  /** The name of the output that is trained or predicted. */
  readonly output: string;
  /** Whether that output is one classification of the whole input, as behind global pooling. */
  readonly classifiesImages: boolean;
}

/**
 * How an output lies in its input along one axis: its `output` pixels stand
 * for the `cover` input pixels that begin `margin` pixels after the input's
 * start. Padded networks: cover = input = output. The 2015 U-Net: input 572,
 * margin 92, cover = output = 388. An output of half the resolution: input 256,
 * margin 0, cover 256, output 128. An output of one size, as behind global pooling,
 * stands for the whole of every input: input 256, cover 256, output 1.
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
  const cover = Math.min(input, Math.round(coveredBy(axis, output, input)));
  return { input, margin: Math.floor((input - cover) / 2), cover, output: size };
}

/**
 * Whether an output that stands for `covered` pixels of its input meets whole ones, and no
 * more than there are; else it is resized to the part that it stands for.
 */
export function meetsPixels(covered: number, input: number): boolean {
  return covered <= input + 1e-9 && Math.abs(covered - Math.round(covered)) < 1e-9;
}

/** The input pixels that an output stands for, before rounding. */
function coveredBy(axis: AxisSizes, output: string, input: number): number {
  return axis.outputSize(output, input) / outputScale(axis, output, input);
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
  const isExact = ({ input }: AxisGeometry): boolean =>
    meetsPixels(coveredBy(axis, output, input), input);
  const least = leastCovering(axis, output, size);
  if (least === undefined || isExact(least)) return least;
  let input = axis.legalAtLeast(least.input + 1);
  while (input !== undefined && input <= least.input + exactWithin) {
    const geometry = axisGeometry(axis, output, input);
    if (geometry.cover >= size && isExact(geometry)) return geometry;
    input = axis.legalAtLeast(input + 1);
  }
  return least;
}

function leastCovering(axis: AxisSizes, output: string, size: number): AxisGeometry | undefined {
  let input = axis.legalAtLeast(size);
  while (input !== undefined) {
    const geometry = axisGeometry(axis, output, input);
    if (geometry.cover >= size) return geometry;
    // Covering grows at most as fast as the input, so no size between can do.
    input = axis.legalAtLeast(input + size - geometry.cover);
  }
  return undefined;
}

/**
 * Output pixels for one input pixel. A margin and a scale look alike at one
 * size, so the scale is the growth between two sizes far apart, rounded to a
 * whole number or the inverse of one. An output that does not grow stands for the
 * whole input. A network of one legal size has a scale where the sizes divide each
 * other, else a margin.
 */
export function outputScale(axis: AxisSizes, output: string, input: number): number {
  const other =
    axis.legalAtLeast(4 * input + 1024) ??
    axis.legalAtLeast(input + 1) ??
    axis.legalAtMost(input - 1);
  const size = axis.outputSize(output, input);
  if (other !== undefined) {
    const growth = (axis.outputSize(output, other) - size) / (other - input);
    if (growth <= 0) return size / input;
    return growth >= 1 ? Math.round(growth) : 1 / Math.round(1 / growth);
  }
  return size > 0 && (input % size === 0 || size % input === 0) ? size / input : 1;
}

/** A size in words: `256 x 256`, or with the order where it matters. */
export function describeSize(height: number, width: number): string {
  return height === width ? `${width} x ${height}` : `${width} x ${height} (width x height)`;
}
