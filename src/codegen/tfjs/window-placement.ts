import {
  hasEdges,
  isSame,
  kernelReach,
  sameEdges,
  type ConvOp,
  type ConvTransposeOp,
  type DepthwiseConvOp,
  type Edges,
  type Padding,
  type Pair,
} from '../../ir/operations/ops.js';

/** What TensorFlow.js calls a padding: by its word where it has one, else edges that have pixels. */
export type WordedPadding = 'same' | 'valid' | Edges;

/** The padding of windows that span `reach` pixels, as TensorFlow.js says it. */
export function wordedPadding(padding: Padding, reach: Pair, stride: Pair): WordedPadding {
  if (padding === 'same' || isSame(padding, reach, stride)) return 'same';
  return hasEdges(padding) ? padding : 'valid';
}

/**
 * How the windows of a convolution are placed so that every engine of TensorFlow.js
 * places them alike. Its WASM engine errs for `same` where a stride exceeds the
 * kernel along an axis, for then the padding that the rule asks for is negative.
 */
export type WindowPlacement =
  /** As the operation says; `undefined` pads nothing. */
  | { readonly kind: 'as-stated'; readonly padding: 'same' | undefined }
  /** These zeros, the same for every size, then a convolution without padding. */
  | { readonly kind: 'padded'; readonly edges: Edges }
  /** Every `pick`-th row and column, then a `same` convolution with that stride. */
  | { readonly kind: 'picked'; readonly pick: Pair; readonly stride: Pair }
  /** None of these: the zeros depend on the size of the image. */
  | { readonly kind: 'uncarried' };

/** Places the windows of a convolution. */
export function placeWindows(op: ConvOp | DepthwiseConvOp): WindowPlacement {
  const { kernel, stride, dilation } = op;
  const reach: Pair = [kernelReach(op, 0), kernelReach(op, 1)];
  const padding = wordedPadding(op.padding, reach, stride);
  if (typeof padding === 'object') return { kind: 'padded', edges: padding };
  if (padding === 'valid') return { kind: 'as-stated', padding: undefined };
  const isSparse = axes.map((axis) => stride[axis] > kernel[axis]);
  const isPointwise = kernel[0] === 1 && kernel[1] === 1;
  // Layers of our own take dilations, and place windows themselves.
  if (dilation[0] > 1 || dilation[1] > 1 || isPointwise || !isSparse.includes(true)) {
    return { kind: 'as-stated', padding };
  }
  const edges = sameEdges(kernel, stride);
  if (edges !== undefined) return { kind: 'padded', edges };
  if (axes.some((axis) => isSparse[axis] && kernel[axis] > 1)) return { kind: 'uncarried' };
  const split = (axis: 0 | 1, isFirst: boolean): number =>
    isSparse[axis] === isFirst ? stride[axis] : 1;
  return {
    kind: 'picked',
    pick: [split(0, true), split(1, true)],
    stride: [split(0, false), split(1, false)],
  };
}

const axes = [0, 1] as const;

/**
 * Whether a transposed convolution is what TensorFlow.js calls `same`: in * s pixels, since
 * its edges cut the overhang of k - s pixels, the odd one below and right. Where there is
 * none, `valid` says the same.
 */
export function isSameTransposed(
  op: Pick<ConvTransposeOp, 'kernel' | 'stride' | 'edges' | 'outputPadding'>,
): boolean {
  const { kernel, stride, edges, outputPadding } = op;
  const cutsOverhang = (axis: 0 | 1, before: number, after: number): boolean => {
    const overhang = kernel[axis] - stride[axis];
    return (
      before === Math.floor(Math.max(overhang, 0) / 2) &&
      before + after - outputPadding[axis] === overhang
    );
  };
  const { top, bottom, left, right } = edges;
  return hasEdges(edges) && cutsOverhang(0, top, bottom) && cutsOverhang(1, left, right);
}

/**
 * What is cut off a transposed convolution that TensorFlow.js calls `valid`: its output ends
 * with max(s - k, 0) more rows than (in - 1) s + k.
 */
export function cropOfTransposed({ kernel, stride, edges, outputPadding }: ConvTransposeOp): Edges {
  const beyond = (axis: 0 | 1): number =>
    Math.max(stride[axis] - kernel[axis], 0) - outputPadding[axis];
  return { ...edges, bottom: edges.bottom + beyond(0), right: edges.right + beyond(1) };
}
