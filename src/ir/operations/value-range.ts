/** What is known of the values of a tensor, whatever its weights and the image are. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
  /** Whether the channels of each pixel are probabilities that sum to 1: a softmax, moved or averaged. */
  readonly isExclusive: boolean;
  /** Whether every value is 0 or 1, so that multiplying by it keeps or drops. */
  readonly isBinary?: true;
}

export const anyValues: ValueRange = { low: -Infinity, high: Infinity, isExclusive: false };
export const unitValues: ValueRange = { low: 0, high: 1, isExclusive: false };

/** Of operations whose values nothing is known of. */
export const unknownRange = (): ValueRange => anyValues;

/** Of operations that move or drop values, or take the mean of some of one channel. */
export const keptRange = (_op: unknown, inputs: readonly ValueRange[]): ValueRange => {
  const { low, high, isExclusive } = inputs[0] ?? anyValues;
  return { low, high, isExclusive };
};

/** Of operations that take several pixels for one: the channels of a pixel no longer sum to 1. */
export const mixedRange = (op: unknown, inputs: readonly ValueRange[]): ValueRange => ({
  ...keptRange(op, inputs),
  isExclusive: false,
});

/** Of operations that put zeros between or around values: they stand for "outside" of probabilities. */
export const rangeWithZero = (op: unknown, inputs: readonly ValueRange[]): ValueRange => {
  const kept = keptRange(op, inputs);
  return { ...kept, low: Math.min(0, kept.low), high: Math.max(0, kept.high) };
};

/** The least range that holds several. */
export const hullOf = (ranges: readonly ValueRange[]): Pick<ValueRange, 'low' | 'high'> => ({
  low: Math.min(...ranges.map(({ low }) => low)),
  high: Math.max(...ranges.map(({ high }) => high)),
});

/** The range of products of values of two. */
export function productOf(left: ValueRange, right: ValueRange): ValueRange {
  const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);
  const corners = [
    times(left.low, right.low),
    times(left.low, right.high),
    times(left.high, right.low),
    times(left.high, right.high),
  ];
  return { low: Math.min(...corners), high: Math.max(...corners), isExclusive: false };
}
