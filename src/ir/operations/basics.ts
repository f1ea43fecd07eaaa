/**
 * Terms that operations share. Tensors are channels-last (batch, height, width,
 * channels). Pairs are [vertical, horizontal].
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

/**
 * `same` is TensorFlow's rule (output ceil(in / stride), the odd pixel of
 * padding goes below and right); `valid` pads nothing; `Edges` pads the stated
 * number of zeros on each side, as PyTorch's integer padding does.
 */
export type Padding = 'same' | 'valid' | Edges;

export type Initializer = 'he_normal' | 'he_uniform' | 'glorot_normal' | 'glorot_uniform';

/** Pixels that edges add to, or take from, an axis in all. */
export const edgeSum = (edges: Edges, axis: Axis): number =>
  axis === 0 ? edges.top + edges.bottom : edges.left + edges.right;
