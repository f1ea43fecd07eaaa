/** Two numbers, [vertical, horizontal]. */
export type Pair = [number, number];

/** A number for both axes, or one for each, as a pair. */
export function pairOf(value: number | Pair): Pair {
  return typeof value === 'number' ? [value, value] : value;
}
