import type { Edges, Pair } from '../../ir/operations/ops.js';
import { atom } from './expressions.js';

export const isOne = ([vertical, horizontal]: Pair): boolean => vertical === 1 && horizontal === 1;
export const isZero = ([vertical, horizontal]: Pair): boolean => vertical === 0 && horizontal === 0;
export const isEven = ({ top, bottom, left, right }: Edges): boolean =>
  top === bottom && left === right;
export const pairText = (pair: Pair): string =>
  pair[0] === pair[1] ? String(pair[0]) : pairAlways(pair);
export const pairAlways = ([vertical, horizontal]: Pair): string => `(${vertical}, ${horizontal})`;
/** As `F.pad` takes edges. */
export const edgesText = ({ left, right, top, bottom }: Edges): string =>
  `(${left}, ${right}, ${top}, ${bottom})`;

/** Rows and columns taken off, as slices. */
export function cropText(x: string, { top, bottom, left, right }: Edges): string {
  const slice = (before: number, after: number): string =>
    `${before === 0 ? '' : before}:${after === 0 ? '' : -after}`;
  return `${atom(x)}[:, :, ${slice(top, bottom)}, ${slice(left, right)}]`;
}
