/**
 * Terms that operations share. Axes have names, and no order: how tensors lie in memory
 * is a target's own. Pairs are [vertical, horizontal].
 */

export type Pair = readonly [number, number];

/** Index into pairs: 0 is vertical (heights), 1 horizontal (widths). */
export type Axis = 0 | 1;

/** Rows and columns added to, or taken from, each side. */
export interface Edges {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** No pixel on any side. */
export const noEdges: Edges = { top: 0, bottom: 0, left: 0, right: 0 };

/** Whether there is a pixel on any side. */
export const hasEdges = ({ top, bottom, left, right }: Edges): boolean =>
  top !== 0 || bottom !== 0 || left !== 0 || right !== 0;

/**
 * Pixels beyond the image that windows see: so many on each side, or `same`, where there
 * are ceil(in / stride) windows and the pixels that these need, in all
 * max((ceil(in / stride) - 1) stride + reach - in, 0) with the odd one below and right,
 * depend on the size. Where they do not, a graph has them as edges.
 */
export type Padding = Edges | 'same';

export type Initializer = 'he_normal' | 'he_uniform' | 'glorot_normal' | 'glorot_uniform';

/**
 * The edges with which windows that span `reach` pixels, in steps of `stride`, are
 * ceil(in / stride) at every size, the odd pixel below and right; undefined where they
 * depend on the size. Steps of one need reach - 1 pixels; windows of two pixels may have one
 * below and right, which no window sees where none is needed.
 */
export function sameEdges(reach: Pair, stride: Pair): Edges | undefined {
  if (axes.some((axis) => stride[axis] > 1 && reach[axis] > 2)) return undefined;
  const [vertical, horizontal] = [reach[0] - 1, reach[1] - 1];
  return {
    top: Math.floor(vertical / 2),
    bottom: Math.ceil(vertical / 2),
    left: Math.floor(horizontal / 2),
    right: Math.ceil(horizontal / 2),
  };
}

const axes: readonly Axis[] = [0, 1];

/** Whether a padding makes ceil(in / stride) windows at every size, the odd pixel below and right. */
export function isSame(padding: Padding, reach: Pair, stride: Pair): boolean {
  if (padding === 'same') return true;
  const same = sameEdges(reach, stride);
  return (
    same !== undefined &&
    padding.top === same.top &&
    padding.bottom === same.bottom &&
    padding.left === same.left &&
    padding.right === same.right
  );
}

/** Pixels that edges add to, or take from, an axis in all. */
export const edgeSum = (edges: Edges, axis: Axis): number =>
  axis === 0 ? edges.top + edges.bottom : edges.left + edges.right;
