import type { GraphNode } from './graph.js';
import { axisRuleOf, type Axis } from './operations/axis-rules.js';

/** Pixels of each tensor for each of the input's, along one axis; 0 where there are as many whatever the input's size. */
export function scalesOf(nodes: readonly GraphNode[], axis: Axis = 0): readonly number[] {
  const scales: number[] = [];
  for (const { op, inputs } of nodes) {
    const rule = axisRuleOf(op, axis);
    const [first = 1] = inputs.map((input) => scales[input]!);
    if (rule.kind === 'source') scales.push(1);
    else if (rule.kind === 'fixed') scales.push(0);
    else if (rule.kind === 'step') scales.push((first * rule.multiply) / rule.divide);
    else if (rule.kind === 'attend' || rule.kind === 'only') scales.push(first);
    else if (rule.kind === 'follow') scales.push(scales[inputs[1]!]!);
    else scales.push(Math.max(...inputs.map((input) => scales[input]!)));
  }
  return scales;
}
