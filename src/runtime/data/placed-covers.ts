import type { AxisTiles } from './tiling.js';

/** Where the part that an output stands for lies on one axis of the canvas, and how much its pixels count. */
export interface PlacedCover {
  /** Negative where it begins before the canvas. */
  readonly start: number;
  /** One weight a pixel of the cover, 0 for pixels that are left to a neighbour. */
  readonly weights: Float64Array;
}

/**
 * Evenly spread covers that overlap by at least `overlap` pixels, one in the middle
 * when it is enough; where they overlap they fade into each other.
 */
export function placeBlended(size: number, cover: number, overlap: number): readonly PlacedCover[] {
  const starts = placeStarts(size, cover, overlap);
  const steps = starts.slice(1).map((start, i) => start - starts[i]!);
  const fade = starts.length < 2 ? 0 : cover - Math.max(...steps);
  const weights = fadeProfile(cover, fade);
  return starts.map((start) => ({ start, weights }));
}

/** Covers of tiles whose exact parts lie side by side: each pixel of the canvas comes from one of them. */
export function hardEdges(
  { starts, exact }: AxisTiles,
  first: number,
  cover: number,
): readonly PlacedCover[] {
  const cuts = starts.slice(1).map((next, at) => {
    // Between two tiles both are exact from the later one's begin to the earlier one's end.
    const { begin, end } = exact!;
    return (next + begin + starts[at]! + end) >> 1;
  });
  return starts.map((start, at) => {
    const weights = new Float64Array(cover);
    weights.fill(1, (cuts[at - 1] ?? start) - start, (cuts[at] ?? start + cover) - start);
    return { start: first + start, weights };
  });
}

function placeStarts(size: number, cover: number, overlap: number): number[] {
  if (size <= cover) return [-Math.floor((cover - size) / 2)];
  const count = Math.ceil((size - overlap) / (cover - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (size - cover)) / (count - 1)));
}

/** Weights along a window: 1 in the middle, a squared sine over `fade` pixels at both ends, never 0. */
function fadeProfile(length: number, fade: number): Float64Array {
  const ramp = Math.min(fade, length / 2);
  return Float64Array.from({ length }, (_, i) => {
    const depth = Math.min(i, length - 1 - i) + 0.5;
    return depth >= ramp ? 1 : Math.sin((Math.PI / 2) * (depth / ramp)) ** 2;
  });
}
