import type { Coordinates, OpOf, Sampling } from '../../ir/operations/ops.js';
import { apply, floats, input, integers, nothing, shapeOf, type Expression } from './expression.js';

const x = input(0);
const target = input(1);

/** Enlarges by whole factors. */
export function upsampled(op: OpOf<'upsample'>): Expression {
  const [rows, columns] = op.factor;
  if (op.method === 'nearest' && op.coordinates === 'align_corners') {
    return sampledAtNearest(op.coordinates, (axis) =>
      apply('Mul', [lengthOf(x, axis), integers(op.factor[axis - 2]!)]),
    );
  }
  // The other nearest coordinates repeat every pixel as often as the factor says.
  const way =
    op.method === 'nearest'
      ? ({ ...op, coordinates: 'asymmetric', rounding: 'floor' } as const)
      : op;
  return apply('Resize', [x, nothing, floats([1, 1, rows, columns])], samplingOf(way));
}

/** Resizes to the height and width of the second input. */
export function resizedTo(op: OpOf<'resize_to'>): Expression {
  if (op.method === 'nearest') {
    return sampledAtNearest(op.coordinates, (axis) => lengthOf(target, axis));
  }
  const sizes = apply('Concat', [shapeOf(x, 0, 2), shapeOf(target, 2, 4)], {
    axis: { integer: 0 },
  });
  return apply('Resize', [x, nothing, nothing, sizes], samplingOf(op));
}

const samplingOf = (op: Sampling) => ({
  mode: { text: op.method === 'bilinear' ? 'linear' : 'nearest' },
  coordinate_transformation_mode: { text: op.coordinates },
  ...(op.method === 'nearest' ? { nearest_mode: { text: op.rounding } } : {}),
});

/** The length of an axis, as a single number. */
const lengthOf = (value: Expression, axis: number): Expression =>
  apply('Gather', [apply('Shape', [value]), integers(axis)]);

/**
 * The nearest pixels along both axes, by indices in whole numbers: places computed with
 * fractions, as `Resize` does it, fall below a pixel that they should meet.
 */
function sampledAtNearest(
  coordinates: Coordinates,
  length: (axis: number) => Expression,
): Expression {
  return [2, 3].reduce(
    (value: Expression, axis) =>
      apply('Gather', [value, nearestIndices(coordinates, lengthOf(x, axis), length(axis))], {
        axis: { integer: axis },
      }),
    x,
  );
}

/**
 * Of n pixels the nearest ones to m places: floor(i n / m), half-pixel floor((2 i + 1) n / (2 m)),
 * corner to corner floor((2 i (n - 1) + m - 1) / (2 (m - 1))), and 0 for one place.
 */
function nearestIndices(coordinates: Coordinates, n: Expression, m: Expression): Expression {
  const [one, two] = [integers(1), integers(2)];
  const i = apply('Range', [integers(0), m, one]);
  const twice = apply('Mul', [i, two]);
  switch (coordinates) {
    case 'asymmetric':
      return apply('Div', [apply('Mul', [i, n]), m]);
    case 'half_pixel': {
      const place = apply('Mul', [apply('Add', [twice, one]), n]);
      return apply('Div', [place, apply('Mul', [m, two])]);
    }
    case 'align_corners': {
      const last = apply('Sub', [m, one]);
      const place = apply('Add', [apply('Mul', [twice, apply('Sub', [n, one])]), last]);
      return apply('Div', [place, apply('Max', [apply('Mul', [last, two]), one])]);
    }
  }
}
