import { substitute, type Formula } from '../../ir/formula.js';
import type { Body, CallArgument, Step } from './body.js';

type Replacements = ReadonlyMap<string, Formula>;

/** A body with formulas in place of parameters that its function does not have. */
export function resolveBody(body: Body, replaced: Replacements): Body {
  return replaced.size === 0
    ? body
    : { ...body, steps: body.steps.map((step) => resolveStep(step, replaced)) };
}

function resolveStep(step: Step, replaced: Replacements): Step {
  if (step.kind === 'call') {
    const args = [...step.args].map(([name, value]): [string, CallArgument] => [
      name,
      value === 'default' ? value : substitute(value, replaced),
    ]);
    return { ...step, args: new Map(args) };
  }
  const { operation } = step;
  // What then is a number is the operation's own value.
  const formulas = Object.entries(operation.formulas)
    .map(([attribute, formula]) => [attribute, substitute(formula, replaced)] as const)
    .filter(([, formula]) => formula.kind !== 'number');
  return { ...step, operation: { ...operation, formulas: Object.fromEntries(formulas) } };
}
