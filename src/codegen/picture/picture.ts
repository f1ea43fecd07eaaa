import type { Pair } from '../../ir/operations/ops.js';

/** What a box of the picture is. */
export type BoxKind = 'input' | 'encoder' | 'decoder' | 'head' | 'supervision' | 'classification';

/** Whether a box is an output: drawn beside the network, not as a part of it. */
export const isOutput = (kind: BoxKind): boolean =>
  kind === 'head' || kind === 'supervision' || kind === 'classification';

/**
 * How an arrow's tensor comes to the size of what it leads to: along a level, halved
 * on the way down the encoder, from below, from above to below as in full-scale skips,
 * through a gate, or into a head.
 */
export type ArrowKind = 'stage' | 'descent' | 'skip' | 'gated' | 'up' | 'down' | 'head' | 'gate';

/** A tensor of the network. */
export interface Box {
  /** The tensor's name. */
  readonly id: string;
  /** What is written beside it: its name, of an encoder's tensor the tap's or the last part. */
  readonly label: string;
  readonly kind: BoxKind;
  readonly channels: number;
  /** Height and width in words: `H / 2`, or pixels. */
  readonly size: readonly [string, string];
  /** Height and width at the example size, for the box's own height. */
  readonly pixels: Pair;
  /** From 0, full resolution, downwards. */
  readonly row: number;
  /** Steps to the right; undefined where the network follows no lattice. */
  readonly column: number | undefined;
  /** What makes it: operations in order. */
  readonly operations: string;
  readonly parameters: number;
}

/** A tensor that flows into another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: ArrowKind;
  /** What resamples or aligns it on the way: `conv_transpose, crop_to`; empty for nothing. */
  readonly by: string;
}

/** A network as boxes on rows of one resolution each, and arrows between them. */
export interface Picture {
  readonly model: string;
  readonly doc: string | undefined;
  /** What the sizes are of: `572 x 572`; undefined where they are symbols. */
  readonly at: string | undefined;
  readonly rows: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly parameters: number;
}

/** Arrows in words, in the order of the legend. */
export const arrowWords: Readonly<Record<ArrowKind, string>> = {
  descent: 'down the encoder',
  stage: 'on the same level',
  skip: 'skip',
  gated: 'skip through a gate',
  down: 'from a larger scale',
  up: 'up',
  head: 'head',
  gate: 'empties the mask',
};
