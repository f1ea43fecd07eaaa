import type { Axis } from './basics.js';
import { rulesOf } from './operation-rules.js';
import type { Op } from './ops.js';
import type { AxisRule, StepRule } from './rules.js';

export type { Axis, AxisRule, StepRule };

/** What an operation does to one axis of its input. */
export const axisRuleOf = (op: Op, axis: Axis): AxisRule => rulesOf(op).axis(op, axis);

/** The output of a step for one input size. */
export function applyStep(rule: StepRule, size: number): number {
  return rule.multiply * Math.floor((size + rule.before) / rule.divide) + rule.after;
}
