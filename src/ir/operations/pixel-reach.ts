import type { Axis, Padding } from './basics.js';
import type { Coordinates, Sampling } from './sampling.js';

/**
 * What pixel i of a tensor can read along one axis: the input's pixels from
 * i step - before to i step + after. Either may be negative where edges are cut.
 */
export interface PixelReach {
  readonly step: number;
  readonly before: number;
  readonly after: number;
}

/** Pixels along the axis: of each input, and of the output. */
export interface PixelSizes {
  readonly inputs: readonly number[];
  readonly output: number;
}

/** Where an operation stands, for what its pixels read. */
export interface ReachPlace {
  readonly axis: Axis;
  /** What the pixels of each input read. */
  readonly inputs: readonly PixelReach[];
  /** A number that follows from the sizes; undefined where it differs in the sizes that are asked about. */
  readonly fixed: (value: (sizes: PixelSizes) => number) => number | undefined;
}

/** Of operations that look at every pixel by itself. */
export const ownPixel = (_op: unknown, { inputs }: ReachPlace): PixelReach =>
  inputs[0] ?? { step: 1, before: 0, after: 0 };

/** Of operations that look at the whole image. */
export const wholeImage = (): undefined => undefined;

/** Of operations that bring tensors of one size together: what any of them reads. */
export function everyInput(_op: unknown, { inputs }: ReachPlace): PixelReach | undefined {
  const step = Math.max(...inputs.map((input) => input.step));
  if (inputs.some((input) => Math.abs(input.step - step) > 1e-9)) return undefined;
  return {
    step,
    before: Math.max(...inputs.map(({ before }) => before)),
    after: Math.max(...inputs.map(({ after }) => after)),
  };
}

/** Windows of `span` pixels every `stride`. */
export function slidingWindow(
  place: ReachPlace,
  span: number,
  stride: number,
  padding: Padding,
): PixelReach | undefined {
  const { step, before, after } = ownPixel(undefined, place);
  const edge = place.fixed(({ inputs: [size = 0] }) =>
    edgeBefore(padding, place.axis, size, span, stride),
  );
  if (edge === undefined) return undefined;
  return {
    step: step * stride,
    before: before + edge * step,
    after: after + (span - 1 - edge) * step,
  };
}

/** Pixels of padding before the first of the image. */
export function edgeBefore(
  padding: Padding,
  axis: Axis,
  size: number,
  span: number,
  stride: number,
): number {
  if (typeof padding === 'object') return axis === 0 ? padding.top : padding.left;
  return Math.floor(Math.max((Math.ceil(size / stride) - 1) * stride + span - size, 0) / 2);
}

/** Pixel i is pixel i + `least` of the input, or one up to `most`. */
export function movedPixels(place: ReachPlace, least: number, most = least): PixelReach {
  const { step, before, after } = ownPixel(undefined, place);
  return { step, before: before - least * step, after: after + most * step };
}

/** Pixel i reads the input around i ratio; see `Sampling` for where exactly. */
export function resampledPixels(
  place: ReachPlace,
  ratio: number,
  { method, coordinates }: { method: Sampling['method']; coordinates: Coordinates },
): PixelReach | undefined {
  const { step, before, after } = ownPixel(undefined, place);
  if (Math.abs(ratio - 1) < 1e-9) return { step, before, after };
  const inner = step * ratio;
  // The source is rounded down, by less than one pixel.
  const lost = Number.isInteger(1 / ratio) ? step - inner : Number.isInteger(ratio) ? 0 : step;
  if (coordinates === 'align_corners') return undefined;
  if (method === 'nearest') {
    // Half a pixel further where that is more than what rounding down takes off again.
    const ahead =
      coordinates === 'half_pixel' && !Number.isInteger(1 / ratio) ? (ratio / 2) * step : 0;
    return { step: inner, before: before + lost, after: after + ahead };
  }
  const shift = coordinates === 'half_pixel' ? (ratio - 1) / 2 : 0;
  return {
    step: inner,
    before: before + step * (1 - Math.min(shift, 0)),
    after: after + step * (1 + Math.max(shift, 0)),
  };
}
