import type { OpOf } from '../../ir/operations/ops.js';
import { apply, input, integers, shapeOf, type Expression } from './expression.js';

const x = input(0);

/**
 * The means of bins, which ONNX has no operator for, as products with a matrix for each
 * axis. Pixel j of n is in bin i of s where j >= floor(i n / s) and j < ceil((i + 1) n / s);
 * in whole numbers, (j + 1) s > i n and j s < (i + 1) n.
 */
export function averagedBins({ size: [rows, columns] }: OpOf<'adaptive_avg_pool'>): Expression {
  const short = apply('MatMul', [binMatrix(2, rows), x]);
  const across = apply('Transpose', [binMatrix(3, columns)]);
  return apply('MatMul', [short, across]);
}

/** [bins, pixels]: row i has, for each pixel of an axis, its part of the mean of bin i. */
function binMatrix(axis: 2 | 3, bins: number): Expression {
  const length = apply('Squeeze', [shapeOf(x, axis, axis + 1)]);
  const pixels = apply('Range', [integers(0), length, integers(1)]);
  const column = (offset: number): Expression => {
    const numbers = Array.from({ length: bins }, (_, bin) => bin + offset);
    return apply('Mul', [apply('Unsqueeze', [integers(numbers), integers([1])]), length]);
  };
  const times = (value: Expression): Expression => apply('Mul', [value, integers(bins)]);
  const next = apply('Add', [pixels, integers(1)]);
  const isIn = apply('And', [
    apply('Greater', [times(next), column(0)]),
    apply('Less', [times(pixels), column(1)]),
  ]);
  const members = apply('Cast', [isIn], { to: { integer: 1 } });
  const counts = apply('ReduceSum', [members, integers([1])], { keepdims: { integer: 1 } });
  return apply('Div', [members, counts]);
}

/** The maxima of bins, each cut out of the image: of one axis after the other. */
export const largestOfBins = ({ size }: OpOf<'adaptive_max_pool'>): Expression =>
  ([2, 3] as const).reduce(
    (value: Expression, axis) => largestAlong(value, axis, size[axis - 2]!),
    x,
  );

function largestAlong(value: Expression, axis: 2 | 3, bins: number): Expression {
  const length = shapeOf(x, axis, axis + 1);
  const place = (bin: number): Expression => apply('Mul', [integers([bin]), length]);
  const parts = Array.from({ length: bins }, (_, bin) => {
    const start = apply('Div', [place(bin), integers([bins])]);
    const end = apply('Div', [
      apply('Add', [place(bin + 1), integers([bins - 1])]),
      integers([bins]),
    ]);
    const part = apply('Slice', [value, start, end, integers([axis])]);
    return apply('ReduceMax', [part], { axes: { integers: [axis] }, keepdims: { integer: 1 } });
  });
  return bins === 1 ? parts[0]! : apply('Concat', parts, { axis: { integer: axis } });
}
