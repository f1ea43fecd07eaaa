import type { LayerName } from '../../catalog/layers.js';
import type { OptionsOf } from '../../catalog/options-of.js';
import {
  noEdges,
  sameEdges,
  type Edges,
  type Padding,
  type Pair,
} from '../../ir/operations/ops.js';

type Options<N extends LayerName> = OptionsOf<'layer', N>;

/** What the option `padding` says: TensorFlow's words, or edges. */
export type StatedPadding = 'same' | 'valid' | Edges;

/** One number, [vertical, horizontal] or [top, bottom, left, right]. */
export function readEdges(value: Options<'crop'>['edges']): Edges {
  if (typeof value === 'number') return { top: value, bottom: value, left: value, right: value };
  if (value.length === 2) {
    const [vertical, horizontal] = value;
    return { top: vertical, bottom: vertical, left: horizontal, right: horizontal };
  }
  const [top, bottom, left, right] = value;
  return { top, bottom, left, right };
}

/** A word of TensorFlow, or edges. */
export const readPadding = (value: Options<'conv'>['padding']): StatedPadding =>
  value === 'same' || value === 'valid' ? value : readEdges(value);

/** The padding of windows that span `reach` pixels: edges, unless `same` depends on the size. */
export function windowPadding(stated: StatedPadding, reach: Pair, stride: Pair): Padding {
  if (stated === 'valid') return noEdges;
  return stated === 'same' ? (sameEdges(reach, stride) ?? 'same') : stated;
}

/** What is cut from, and added to, the (in - 1) stride + kernel pixels of a transposed convolution. */
export interface TransposedPadding {
  readonly edges: Edges;
  readonly outputPadding: Pair;
}

/**
 * What the padding of a transposed convolution says: `valid` gives
 * in * stride + max(kernel - stride, 0) pixels; `same` in * stride, where the odd one of the
 * kernel - stride overhanging pixels is cut below and right; edges are cut, as in PyTorch.
 */
export function transposedPadding(
  stated: StatedPadding,
  kernel: Pair,
  stride: Pair,
): TransposedPadding {
  if (typeof stated === 'object') return { edges: stated, outputPadding: [0, 0] };
  const beyond = (axis: 0 | 1): number => Math.max(stride[axis] - kernel[axis], 0);
  const cut = (axis: 0 | 1): number =>
    stated === 'same' ? Math.max(kernel[axis] - stride[axis], 0) : 0;
  const edges = {
    top: Math.floor(cut(0) / 2),
    bottom: Math.ceil(cut(0) / 2),
    left: Math.floor(cut(1) / 2),
    right: Math.ceil(cut(1) / 2),
  };
  return { edges, outputPadding: [beyond(0), beyond(1)] };
}
