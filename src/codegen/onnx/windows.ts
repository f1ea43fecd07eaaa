import type { NodeId } from '../../ir/graph.js';
import {
  kernelReach,
  noEdges,
  type Axis,
  type Edges,
  type OpOf,
  type PoolWindows,
  type Padding,
  type Pair,
} from '../../ir/operations/ops.js';
import { nodeSizes } from '../../ir/sizes/node-sizes.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { apply, input, integers, paddedBy, shapeOf, type Expression } from './expression.js';
import type { Attributes } from './model.js';

/** Edges in the order of ONNX: all that come before, then all that come after. */
export const edgeList = ({ top, left, bottom, right }: Edges): readonly number[] => [
  ...[top, left],
  ...[bottom, right],
];

/** How a convolution that reads that node places its windows: on an image that may be padded before. */
export function convolutionWindows(
  op: OpOf<'conv' | 'depthwise_conv'>,
  read: NodeId,
  sizes: SizeAnalysis,
): { readonly image: Expression; readonly attributes: Attributes } {
  const { stride, dilation } = op;
  const reach: Pair = [kernelReach(op, 0), kernelReach(op, 1)];
  const padding = paddingOf(op.padding, reach, stride, read, sizes);
  // ONNX Runtime has no word for the padding of dilated windows.
  const isSpelt = 'auto_pad' in padding && (dilation[0] > 1 || dilation[1] > 1);
  return {
    image: isSpelt ? paddedToSame(reach, stride) : seenBy(padding, input(0), reach, stride),
    attributes: {
      kernel_shape: { integers: op.kernel },
      strides: { integers: stride },
      dilations: { integers: dilation },
      ...(isSpelt ? { pads: { integers: edgeList(noEdges) } } : padding),
    },
  };
}

/** The image with what `samePixels` says of its size when the model runs. */
function paddedToSame(reach: Pair, stride: Pair): Expression {
  const image = input(0);
  const missing = apply('Mod', [apply('Neg', [shapeOf(image, 2, 4)]), integers(stride)]);
  const least = integers([reach[0] - stride[0], reach[1] - stride[1]]);
  return paddedBy(image, apply('Max', [apply('Add', [missing, least]), integers([0, 0])]));
}

/**
 * The windows of a pool on an image. A last, partial window is one that ends in padding:
 * of windows k wide every s pixels those begin inside that a pool with min(s - 1, k - 1 - e)
 * pixels more than its e after the image has. So `ceil_mode`, which programs read in different
 * ways where a window begins in the padding, is never needed.
 */
export function poolWindows(
  op: PoolWindows,
  image: Expression,
  read: NodeId,
  sizes: SizeAnalysis,
): { readonly image: Expression; readonly attributes: Attributes } {
  const { size, stride, padding, rounding } = op;
  const further = (edge: number, axis: Axis): number =>
    edge + Math.min(stride[axis] - 1, size[axis] - 1 - edge);
  const stated: Padding =
    padding === 'same' || rounding === 'floor'
      ? padding
      : { ...padding, bottom: further(padding.bottom, 0), right: further(padding.right, 1) };
  const pads = paddingOf(stated, size, stride, read, sizes);
  return {
    image: seenBy(pads, image, size, stride),
    attributes: { kernel_shape: { integers: size }, strides: { integers: stride }, ...pads },
  };
}

/**
 * The image without the rows and columns behind the last window. Where a stride exceeds the
 * window, ONNX Runtime takes them for padding of less than nothing in `SAME_UPPER`, and places
 * windows wrongly or fails.
 */
function seenBy(padding: Attributes, image: Expression, reach: Pair, stride: Pair): Expression {
  const skips = stride[0] > reach[0] || stride[1] > reach[1];
  if (!('auto_pad' in padding) || !skips) return image;
  const steps = apply('Div', [
    apply('Sub', [shapeOf(image, 2, 4), integers([1, 1])]),
    integers(stride),
  ]);
  const end = apply('Add', [apply('Mul', [steps, integers(stride)]), integers(reach)]);
  return apply('Slice', [image, integers([0, 0]), end, integers([2, 3])]);
}

/**
 * Edges as numbers wherever they are the same at every legal size; else the word that makes
 * ceil(in / stride) windows of any size, with the odd pixel below and right.
 */
function paddingOf(
  padding: Padding,
  reach: Pair,
  stride: Pair,
  read: NodeId,
  sizes: SizeAnalysis,
): Attributes {
  if (padding !== 'same') return { pads: { integers: edgeList(padding) } };
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    samePixels(reach[axis], stride[axis], nodeSizes([sizes.height, sizes.width][axis]!, read)),
  );
  if (rows === undefined || columns === undefined) return { auto_pad: { text: 'SAME_UPPER' } };
  const [top, left] = [rows >> 1, columns >> 1];
  return { pads: { integers: [top, left, rows - top, columns - left] } };
}

/** How many pixels `same` adds to an axis of those sizes; undefined where that depends on the size. */
function samePixels(
  reach: number,
  stride: number,
  sizes: readonly { readonly slope: number; readonly offset: number }[],
): number | undefined {
  if (sizes.some(({ slope }) => slope % stride !== 0)) return undefined;
  // Of ceil(in / stride) windows the last begins (-in mod stride) pixels before in - stride.
  const all = sizes.map(({ offset }) => {
    const missing = ((-offset % stride) + stride) % stride;
    return Math.max(reach - stride + missing, 0);
  });
  return all.every((pixels) => pixels === all[0]) ? all[0] : undefined;
}
