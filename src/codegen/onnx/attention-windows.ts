import type { AttentionWindows } from '../../ir/operations/attention.js';
import { apply, floats, integers, shapeOf, type Expression } from './expression.js';

/** Where windows lie in images of the size that a model meets when it runs. */
export interface WindowPlaces {
  readonly size: number;
  /** How many along each axis, and how far they are shifted, each a list of one number. */
  readonly counts: readonly [Expression, Expression];
  readonly shifts: readonly [Expression, Expression];
  readonly isShifted: boolean;
}

const joined = (...parts: readonly Expression[]): Expression =>
  apply('Concat', parts, { axis: { integer: 0 } });

/** Axes that are one window long are not shifted. */
export function placesOf(image: Expression, { size, shift }: AttentionWindows): WindowPlaces {
  const count = (axis: number): Expression =>
    apply('Div', [shapeOf(image, axis, axis + 1), integers([size])]);
  const counts = [count(2), count(3)] as const;
  const shiftOf = (windows: Expression): Expression => {
    const more = apply('Min', [apply('Sub', [windows, integers([1])]), integers([1])]);
    return apply('Mul', [more, integers([shift])]);
  };
  const shifts = [shiftOf(counts[0]), shiftOf(counts[1])] as const;
  return { size, counts, shifts, isShifted: shift > 0 };
}

/** Moves what lies before `by` behind the rest, along one axis. */
function turned(value: Expression, axis: number, by: Expression): Expression {
  const along = integers([axis]);
  const last = apply('Slice', [value, by, integers([2 ** 31 - 1]), along]);
  const first = apply('Slice', [value, integers([0]), by, along]);
  return apply('Concat', [last, first], { axis: { integer: axis } });
}

/** The windows of images [n, c, h, w]: [n windows, c, size, size]. */
export function cutWindows(image: Expression, places: WindowPlaces): Expression {
  const { size, counts, shifts, isShifted } = places;
  const moved = isShifted ? turned(turned(image, 2, shifts[0]), 3, shifts[1]) : image;
  const side = integers([size]);
  const shape = joined(shapeOf(image, 0, 2), counts[0], side, counts[1], side);
  const cut = apply('Transpose', [apply('Reshape', [moved, shape])], {
    perm: { integers: [0, 2, 4, 1, 3, 5] },
  });
  return apply('Reshape', [cut, joined(integers([-1]), shapeOf(image, 1, 2), side, side)]);
}

/** The images of windows [n windows, heads, d, pixels], as wide as `like` in channels. */
export function joinWindows(
  windows: Expression,
  { size, counts, shifts, isShifted }: WindowPlaces,
  like: Expression,
): Expression {
  const side = integers([size]);
  const channels = shapeOf(like, 1, 2);
  const shape = joined(integers([-1]), counts[0], counts[1], channels, side, side);
  const whole = apply('Transpose', [apply('Reshape', [windows, shape])], {
    perm: { integers: [0, 3, 1, 4, 2, 5] },
  });
  const lengths = counts.map((count) => apply('Mul', [count, side]));
  const image = apply('Reshape', [whole, joined(integers([-1]), channels, ...lengths)]);
  if (!isShifted) return image;
  const back = (axis: 0 | 1): Expression => apply('Sub', [lengths[axis]!, shifts[axis]]);
  return turned(turned(image, 2, back(0)), 3, back(1));
}

/** Numbers from 0 on, as many as a list of one number says. */
const numbers = (count: Expression): Expression =>
  apply('Range', [integers(0), apply('Squeeze', [count, integers([0])]), integers(1)]);

/** Less than any product [windows, 1, pixels, pixels] where one of two pixels came from the other side. */
export function sidesApart({ size, counts, shifts }: WindowPlaces): Expression {
  const side = integers([size]);
  const sideOf = (axis: 0 | 1): Expression => {
    const length = apply('Mul', [counts[axis], side]);
    const isFar = apply('Not', [
      apply('Less', [numbers(length), apply('Sub', [length, shifts[axis]])]),
    ]);
    return apply('Cast', [isFar], { to: { integer: 7 } });
  };
  const rows = apply('Unsqueeze', [apply('Mul', [sideOf(0), integers([2])]), integers([1])]);
  const sides = apply('Add', [rows, apply('Unsqueeze', [sideOf(1), integers([0])])]);
  const cut = apply(
    'Transpose',
    [apply('Reshape', [sides, joined(counts[0], side, counts[1], side)])],
    {
      perm: { integers: [0, 2, 1, 3] },
    },
  );
  const flat = apply('Reshape', [cut, integers([-1, 1, size * size])]);
  const [one, other] = [3, 2].map((axis) => apply('Unsqueeze', [flat, integers([axis])]));
  const isSame = apply('Cast', [apply('Equal', [one!, other!])], { to: { integer: 1 } });
  return apply('Mul', [apply('Sub', [floats(1), isSame]), floats(-30_000)]);
}

/** The weights of a table for every two pixels of a window: [1, heads, pixels, pixels]. */
export function relativeWeights(table: Expression, size: number): Expression {
  const pixels = numbers(integers([size * size]));
  const apart = (places: Expression): Expression => {
    const [one, other] = [1, 0].map((axis) => apply('Unsqueeze', [places, integers([axis])]));
    return apply('Add', [apply('Sub', [one!, other!]), integers(size - 1)]);
  };
  const rows = apply('Mul', [
    apart(apply('Div', [pixels, integers(size)])),
    integers(2 * size - 1),
  ]);
  const index = apply('Add', [rows, apart(apply('Mod', [pixels, integers(size)]))]);
  const weights = apply('Gather', [table, index], { axis: { integer: 0 } });
  const byHead = apply('Transpose', [weights], { perm: { integers: [2, 0, 1] } });
  return apply('Unsqueeze', [byHead, integers([0])]);
}
