import type { AttentionOp, OpOf } from '../../ir/operations/ops.js';
import { apply, floats, input, integers, shapeOf, weight, type Expression } from './expression.js';
import {
  cutWindows,
  joinWindows,
  placesOf,
  relativeWeights,
  sidesApart,
} from './attention-windows.js';

const [queries, keys, values] = [input(0), input(1), input(2)];

/** Multi-head attention by products of matrices. */
export function attended(
  { heads, windows, scaled, position }: AttentionOp,
  channels: number,
): Expression {
  const scale = scaled ? 1 / Math.sqrt(channels / heads) : 1;
  if (windows === undefined) {
    const size = apply(
      'Concat',
      [shapeOf(queries, 0, 1), shapeOf(values, 1, 2), shapeOf(queries, 2, 4)],
      {
        axis: { integer: 0 },
      },
    );
    return apply('Reshape', [attendRows([queries, keys, values], heads, scale, []), size]);
  }
  const places = placesOf(queries, windows);
  const cut = [queries, keys, values].map((each) => cutWindows(each, places));
  const added = [
    ...(position === 'none' ? [] : [relativeWeights(weight('table'), windows.size)]),
    ...(windows.shift === 0 ? [] : [sidesApart(places)]),
  ];
  const taken = attendRows(cut, heads, scale, added);
  return joinWindows(taken, places, values);
}

/** Of [n, c, ...pixels]: [n, heads, d, pixels] each; the result as the values. */
function attendRows(
  images: readonly Expression[],
  heads: number,
  scale: number,
  added: readonly Expression[],
): Expression {
  const [q, k, v] = images.map((image) => partsOf(image, heads)) as [
    Expression,
    Expression,
    Expression,
  ];
  const scaledQueries = scale === 1 ? q : apply('Mul', [q, floats(scale)]);
  const products = apply('MatMul', [apply('Transpose', [scaledQueries], lastTurned), k]);
  const weights = apply('Softmax', [added.reduce(raised, products)], { axis: { integer: -1 } });
  return apply('MatMul', [v, apply('Transpose', [weights], lastTurned)]);
}

const lastTurned = { perm: { integers: [0, 1, 3, 2] } };

/** [n, c, ...pixels] as [n, heads, d, pixels]; the channels of a head follow each other. */
const partsOf = (image: Expression, heads: number): Expression => {
  const each = apply('Div', [shapeOf(image, 1, 2), integers([heads])]);
  const shape = apply('Concat', [integers([0, heads]), each, integers([-1])], {
    axis: { integer: 0 },
  });
  return apply('Reshape', [image, shape]);
};

/** Products [n windows, heads, l, l] and what is added for the windows of every image. */
function raised(products: Expression, by: Expression): Expression {
  const whole = shapeOf(products, 0, 4);
  const split = apply('Concat', [integers([-1]), shapeOf(by, 0, 1), shapeOf(products, 1, 4)], {
    axis: { integer: 0 },
  });
  return apply('Reshape', [apply('Add', [apply('Reshape', [products, split]), by]), whole]);
}

/** A table [c, h, w] added to images. */
export const placed = (_op: OpOf<'positions'>): Expression =>
  apply('Add', [queries, weight('table')]);
