import { componentNames, isComponent } from '../../catalog/index.js';
import { withArticle } from '../../diagnostics/counted.js';
import { listNames } from '../../diagnostics/did-you-mean.js';
import type { LossExpression } from '../../ir/recipe.js';
import type { Expression } from '../../parser/ast.js';
import { evaluate } from '../values/evaluate.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { chooseBranch } from '../values/read-choice.js';
import { describeValue } from '../values/value.js';
import { readComponent } from './read-component.js';

/**
 * A loss is arithmetic on losses: sums, numbers times losses, and a pixel-wise
 * loss times a weight map, or a choice between such. Undefined when a problem was reported.
 */
export function readLoss(
  written: Expression,
  context: EvaluationContext,
): LossExpression | undefined {
  const expression = chooseBranch(written, context);
  if (expression === undefined) return undefined;
  if (expression.kind === 'binary' && expression.operator === '+') {
    const left = readLoss(expression.left, context);
    const right = readLoss(expression.right, context);
    if (left === undefined || right === undefined) return undefined;
    return { kind: 'sum', terms: [...termsOf(left), ...termsOf(right)] };
  }
  if (expression.kind === 'binary' && expression.operator === '*') {
    return readProduct(expression.left, expression.right, context);
  }
  if (expression.kind === 'binary' && expression.operator === '/') {
    const loss = readLoss(expression.left, context);
    const divisor = readFactor(expression.right, context);
    if (loss === undefined || divisor === undefined) return undefined;
    return { kind: 'scale', factor: 1 / divisor, loss };
  }
  if (expression.kind === 'name' || expression.kind === 'call') {
    const loss = readComponent(expression, 'loss', context);
    return loss && { kind: 'loss', loss };
  }
  if (expression.kind === 'missing') return undefined;
  return notALoss(expression, context);
}

const termsOf = (loss: LossExpression): readonly LossExpression[] =>
  loss.kind === 'sum' ? loss.terms : [loss];

function readProduct(
  left: Expression,
  right: Expression,
  context: EvaluationContext,
): LossExpression | undefined {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (isComponent('weight_map', calleeOf(one) ?? '')) {
      const map = readComponent(one, 'weight_map', context);
      const loss = readLoss(other, context);
      return loss && map && { kind: 'map', loss, map };
    }
  }
  const isLeftLoss = holdsLoss(left);
  const factor = readFactor(isLeftLoss ? right : left, context);
  const loss = factor === undefined ? undefined : readLoss(isLeftLoss ? left : right, context);
  return factor === undefined || loss === undefined ? undefined : { kind: 'scale', factor, loss };
}

const calleeOf = (expression: Expression): string | undefined =>
  expression.kind === 'name'
    ? expression.name
    : expression.kind === 'call'
      ? expression.callee.text
      : undefined;

function holdsLoss(expression: Expression): boolean {
  if (expression.kind === 'binary')
    return holdsLoss(expression.left) || holdsLoss(expression.right);
  const name = calleeOf(expression);
  return name !== undefined && isComponent('loss', name);
}

function readFactor(expression: Expression, context: EvaluationContext): number | undefined {
  const value = evaluate(expression, context);
  if (value.kind === 'number' && value.value > 0) return value.value;
  if (value.kind !== 'invalid') {
    context.reporter.report(
      'not-a-loss',
      { found: value.kind === 'number' ? `the factor ${value.value}` : describeValue(value) },
      { at: expression.span, help: ['Use a number above 0 as the factor of a loss.'] },
    );
  }
  return undefined;
}

function notALoss(expression: Expression, context: EvaluationContext): undefined {
  const value = expression.kind === 'number' ? expression.text : withArticle(expression.kind);
  const help = [`Use ${listNames(componentNames('loss'))}.`];
  context.reporter.report('not-a-loss', { found: value }, { at: expression.span, help });
  return undefined;
}
