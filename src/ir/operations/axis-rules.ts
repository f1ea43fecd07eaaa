import type { Axis } from './basics.js';
import { rulesOf } from './operation-rules.js';
import type { Op } from './ops.js';
import type { AxisRule, StepRule } from './rules.js';

export type { Axis, AxisRule, StepRule };

/** What an operation does to one axis of its input. */
export const axisRuleOf = (op: Op, axis: Axis): AxisRule => rulesOf(op).axis(op, axis);

/** Whether two rules do the same to an axis. */
export function isSameRule(one: AxisRule, other: AxisRule): boolean {
  if (one === other) return true;
  switch (one.kind) {
    case 'source':
    case 'equal':
    case 'gate':
      return other.kind === one.kind;
    case 'fixed':
      return other.kind === 'fixed' && other.size === one.size;
    case 'attend':
      return other.kind === 'attend' && other.window === one.window;
    case 'only':
      return other.kind === 'only' && other.size === one.size;
    case 'step':
      return other.kind === 'step' && isSameStep(one, other);
    case 'follow': {
      if (other.kind !== 'follow') return false;
      const [relation, otherRelation] = [one.relation, other.relation];
      return typeof relation === 'object' && typeof otherRelation === 'object'
        ? isSameStep(relation, otherRelation)
        : relation === otherRelation;
    }
  }
}

const isSameStep = (one: StepRule, other: StepRule): boolean =>
  one.before === other.before &&
  one.divide === other.divide &&
  one.multiply === other.multiply &&
  one.after === other.after &&
  one.minimum === other.minimum &&
  one.isExact === other.isExact;

/** Whether nothing is left of the division that a step makes of a size. */
export const divides = ({ before, divide }: StepRule, size: number): boolean =>
  (size + before) % divide === 0;

/** Whether a step takes an axis of that size. */
export const takes = (rule: StepRule, size: number): boolean =>
  size >= rule.minimum && (!rule.isExact || divides(rule, size));

/** The output of a step for one input size. */
export function applyStep(rule: StepRule, size: number): number {
  return rule.multiply * Math.floor((size + rule.before) / rule.divide) + rule.after;
}
