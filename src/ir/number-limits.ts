/** Which numbers are legal: `from` and `to` count the number itself in, `above` and `below` do not. */
export interface NumberLimits {
  readonly isWhole: boolean;
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

/** The numbers that two limits allow, with one limit at each end. */
export function narrow(one: NumberLimits, other: NumberLimits): NumberLimits {
  const isWhole = one.isWhole || other.isWhole;
  const from = Math.max(one.from ?? -Infinity, other.from ?? -Infinity);
  const above = Math.max(one.above ?? -Infinity, other.above ?? -Infinity);
  const to = Math.min(one.to ?? Infinity, other.to ?? Infinity);
  const below = Math.min(one.below ?? Infinity, other.below ?? Infinity);
  if (isWhole) {
    const [least, most] = [
      Math.max(Math.ceil(from), Math.floor(above) + 1),
      Math.min(Math.floor(to), Math.ceil(below) - 1),
    ];
    return { isWhole, ...finite({ from: least, to: most }) };
  }
  const low = above >= from ? { above } : { from };
  const high = below <= to ? { below } : { to };
  return { isWhole, ...finite({ ...low, ...high }) };
}

/** What a number must keep for its multiple to keep limits; `factor` is above 0. */
export function divideLimits(limits: NumberLimits, factor: number): NumberLimits {
  if (factor === 1) return limits;
  const ends = Object.entries(limits).flatMap(([end, limit]: [string, number | boolean]) =>
    typeof limit === 'number' ? [[end, limit / factor]] : [],
  );
  return { ...(Object.fromEntries(ends) as Ends), isWhole: false };
}

type Ends = Omit<NumberLimits, 'isWhole'>;

const finite = (ends: Ends): Ends =>
  Object.fromEntries(Object.entries(ends).filter(([, limit]) => Number.isFinite(limit)));
