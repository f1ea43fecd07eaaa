/** A number as Python writes it; JavaScript's words are the same but for large and small ones. */
export function numberText(value: number): string {
  const text = String(value);
  // Python and its formatter write exponents without a sign in front and two digits behind it.
  return text.replace(/e([+-])(\d)$/, 'e$10$2').replace('e+', 'e');
}

/** `0 to 4095` */
export const listText = ([low, high]: readonly [number, number]): string =>
  `${numberText(low)} to ${numberText(high)}`;

/** A tuple of numbers. */
export const tupleText = (values: readonly number[]): string =>
  values.length === 1 ? `(${numberText(values[0]!)},)` : `(${values.map(numberText).join(', ')})`;
