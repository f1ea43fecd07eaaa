import { hasEdges, type Edges, type OpOf } from '../../ir/operations/ops.js';
import {
  apply,
  floats,
  input,
  integers,
  paddedBy,
  shapeOf,
  type Expression,
} from './expression.js';
import { edgeList } from './windows.js';

const x = input(0);
const target = input(1);
const planeAxes = integers([2, 3]);

/** Cuts the same edges off at every size. */
export function cropped({ edges }: OpOf<'crop'>): Expression {
  if (!hasEdges(edges)) return x;
  const { top, left, bottom, right } = edges;
  // An end counts from the end where it is below 0, and is none where it is beyond it.
  const end = (edge: number): number => (edge === 0 ? 2 ** 31 - 1 : -edge);
  return apply('Slice', [x, integers([top, left]), integers([end(bottom), end(right)]), planeAxes]);
}

/** Adds the same edges at every size. */
export function padded({ edges, mode }: OpOf<'pad'>): Expression {
  if (!hasEdges(edges)) return x;
  switch (mode) {
    case 'zero':
      return apply('Pad', [x, padsOf(edges), floats(0)], { mode: { text: 'constant' } });
    case 'reflect':
      return apply('Pad', [x, padsOf(edges)], { mode: { text: 'reflect' } });
    case 'replicate':
      return apply('Pad', [x, padsOf(edges)], { mode: { text: 'edge' } });
    case 'circular':
      return wrapped(wrapped(x, 2, edges.top, edges.bottom), 3, edges.left, edges.right);
  }
}

/** The word "wrap" is younger than the opset. */
function wrapped(value: Expression, axis: 2 | 3, before: number, after: number): Expression {
  if (before === 0 && after === 0) return value;
  const part = (start: number, end: number): Expression =>
    apply('Slice', [value, integers([start]), integers([end]), integers([axis])]);
  const parts = [
    ...(before > 0 ? [part(-before, 2 ** 31 - 1)] : []),
    value,
    ...(after > 0 ? [part(0, after)] : []),
  ];
  return apply('Concat', parts, { axis: { integer: axis } });
}

/** Edges of the plane: none of batch and channels. */
function padsOf(edges: Edges): Expression {
  const [top, left, bottom, right] = edgeList(edges) as [number, number, number, number];
  return integers([0, 0, top, left, 0, 0, bottom, right]);
}

/** Cuts down to the height and width of the second input. */
export function croppedTo({ rounding }: OpOf<'crop_to'>): Expression {
  const [whole, part] = [shapeOf(x, 2, 4), shapeOf(target, 2, 4)];
  const cut = apply('Sub', [whole, part]);
  const two = integers(2);
  const half = apply('Div', [cut, two]);
  const odd = (value: Expression): Expression => apply('Mod', [value, two]);
  // Half to even: one more where both the cut and its half are odd.
  const start =
    rounding === 'half_even' ? apply('Add', [half, apply('Mul', [odd(cut), odd(half)])]) : half;
  return apply('Slice', [x, start, apply('Add', [start, part]), planeAxes]);
}

/** Surrounds with zeros up to the height and width of the second input. */
export const paddedTo = (): Expression =>
  paddedBy(x, apply('Sub', [shapeOf(target, 2, 4), shapeOf(x, 2, 4)]));
