import { substitute, type Formula } from '../../ir/formula.js';
import type { Body, CallArgument, Step } from './body.js';

/** What becomes of a formula. */
type Rule = (formula: Formula) => Formula;

/** A body with formulas in place of parameters that its function does not have. */
export function resolveBody(body: Body, replaced: ReadonlyMap<string, Formula>): Body {
  return mapFormulas(body, (formula) => substitute(formula, replaced));
}

/** A body with every formula in another form. */
export function mapFormulas(body: Body, rule: Rule): Body {
  return { ...body, steps: body.steps.map((step) => mapStep(step, rule)) };
}

function mapStep(step: Step, rule: Rule): Step {
  if (step.kind === 'call') {
    const args = [...step.args].map(([name, value]): [string, CallArgument] => [
      name,
      value === 'default' ? value : rule(value),
    ]);
    return { ...step, args: new Map(args) };
  }
  const { operation } = step;
  if (Object.keys(operation.formulas).length === 0) return step;
  // What then is a number is the operation's own value.
  const formulas = Object.entries(operation.formulas)
    .map(([attribute, formula]) => [attribute, rule(formula)] as const)
    .filter(([, formula]) => formula.kind !== 'number');
  return { ...step, operation: { ...operation, formulas: Object.fromEntries(formulas) } };
}
