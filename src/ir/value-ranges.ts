import type { GraphNode, HeadValues } from './graph.js';
import { rulesOf } from './operations/operation-rules.js';
import type { Op } from './operations/ops.js';
import { anyValues, type ValueRange } from './operations/value-range.js';

export type { ValueRange };

/** The ranges of all tensors, by intervals from the input on. */
export function valueRanges(nodes: readonly GraphNode[]): readonly ValueRange[] {
  const ranges: ValueRange[] = [];
  extendRanges(ranges, nodes);
  return ranges;
}

/** Adds the ranges of the nodes that have none yet. */
export function extendRanges(ranges: ValueRange[], nodes: readonly GraphNode[]): void {
  for (let id = ranges.length; id < nodes.length; id++) {
    const { op, inputs } = nodes[id]!;
    const given = inputs.map((input) => ranges[input] ?? anyValues);
    ranges.push(rulesOf(op).range(op, given));
  }
}

/** The range of what an operation makes, whatever flows into it. */
export const rangeOnAny = (op: Op): ValueRange => rulesOf(op).range(op, []);

/** How a loss and a picture read values of a range: as probabilities, or as what is before them. */
export function headValuesOf({ low, high, isExclusive }: ValueRange): HeadValues {
  if (isExclusive) return 'softmax';
  return low >= 0 && high <= 1 ? 'sigmoid' : 'logits';
}
