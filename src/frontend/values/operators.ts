import { calculate, type FormulaOperator } from '../../ir/formula.js';
import type { BinaryExpression, Expression } from '../../parser/ast.js';
import { compareValues } from './equality.js';
import type { EvaluationContext } from './evaluation-context.js';
import { derive, following } from './model-parameter.js';
import { reportUnknownName } from './unknown-name.js';
import { describeValue, invalid, type Value } from './value.js';
import { isWord, reportWordsApart } from './words.js';

type Equality = '==' | '!=';
type Order = '<' | '<=' | '>' | '>=';
type Arithmetic = FormulaOperator | '%';

/** What an operator makes of two values; reported where it does not take them. */
export function applyOperator(
  expression: BinaryExpression,
  operator: Equality | Order | Arithmetic,
  left: Value,
  right: Value,
  context: EvaluationContext,
): Value {
  switch (operator) {
    case '==':
    case '!=': {
      const sides = [
        [expression.left, left],
        [expression.right, right],
      ] as const;
      if (reportWordsApart(sides, context)) return invalid;
      if (left.kind === 'invalid' || right.kind === 'invalid') return invalid;
      const isEqual = compareValues(expression, left, right, context);
      if (isEqual === undefined) return badOperand(expression, left, right, context);
      return isEqual.kind === 'boolean' ? { ...isEqual, ...following(left, right) } : isEqual;
    }
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (left.kind !== 'number' || right.kind !== 'number') {
        return badOperand(expression, left, right, context);
      }
      const [a, b] = [left.value, right.value];
      const truth = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator];
      return { kind: 'boolean', value: truth, ...following(left, right) };
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return broadcast(expression, operator, left, right, context);
  }
}

/** Arithmetic on numbers, and on lists item by item: `base * [1, 2, 4]`. */
function broadcast(
  expression: BinaryExpression,
  operator: Arithmetic,
  left: Value,
  right: Value,
  context: EvaluationContext,
): Value {
  const longer = left.kind === 'list' ? left : right;
  const items = longer.kind === 'list' ? longer.items.length : 0;
  if (!context.work.count(items, expression.span)) return invalid;
  if (left.kind === 'number' && right.kind === 'number') {
    const value =
      operator === '%'
        ? remainder(left.value, right.value)
        : calculate(operator, left.value, right.value);
    if (!Number.isFinite(value)) {
      const help =
        right.value === 0 && (operator === '/' || operator === '%')
          ? `Use a divisor that is not zero.`
          : undefined;
      return notFinite(expression, `${left.value} ${operator} ${right.value}`, context, help);
    }
    const derived =
      operator === '%'
        ? {}
        : derive([left, right], ([one, other]) => ({
            ...{ kind: 'binary', operator },
            ...{ left: one!, right: other! },
          }));
    return { kind: 'number', value, ...derived, ...following(left, right) };
  }
  if (left.kind === 'list' && right.kind === 'list') {
    if (left.items.length !== right.items.length) {
      context.reporter.report(
        'list-lengths-differ',
        { operator, left: left.items.length, right: right.items.length },
        {
          at: expression.operatorSpan,
          labels: [
            { span: expression.left.span, text: `${left.items.length} items` },
            { span: expression.right.span, text: `${right.items.length} items` },
          ],
          help: ['Give both lists one length, or use one number for all items.'],
        },
      );
      return invalid;
    }
    return {
      kind: 'list',
      items: left.items.map((item, index) =>
        broadcast(expression, operator, item, right.items[index] ?? invalid, context),
      ),
    };
  }
  if (left.kind === 'list' && right.kind === 'number') {
    return {
      kind: 'list',
      items: left.items.map((item) => broadcast(expression, operator, item, right, context)),
    };
  }
  if (left.kind === 'number' && right.kind === 'list') {
    return {
      kind: 'list',
      items: right.items.map((item) => broadcast(expression, operator, left, item, context)),
    };
  }
  return badOperand(expression, left, right, context);
}

/** What is left of a division, with the sign of the divisor. */
function remainder(left: number, right: number): number {
  return right === 0 ? NaN : ((left % right) + right) % right;
}

/**
 * Reports operands that an operator does not take. A word among them is a name that nobody
 * declared, also beside a value that is not known; of that nothing else is told.
 */
function badOperand(
  expression: BinaryExpression,
  left: Value,
  right: Value,
  context: EvaluationContext,
): Value {
  const words = [
    [expression.left, left],
    [expression.right, right],
  ] as const;
  for (const [operand, value] of words) {
    if (!isWord(operand, value, context)) continue;
    reportUnknownName(operand, context, 'a value');
    return invalid;
  }
  if (left.kind === 'invalid' || right.kind === 'invalid') return invalid;
  context.reporter.report(
    'bad-operand',
    {
      operator: expression.operator,
      expects: operandsOf(expression.operator),
      left: describeValue(left),
      right: describeValue(right),
    },
    { at: expression.operatorSpan },
  );
  return invalid;
}

function operandsOf(operator: BinaryExpression['operator']): string {
  if (['==', '!='].includes(operator)) {
    return 'two numbers, two words, two strings or two truth values';
  }
  return ['<', '<=', '>', '>='].includes(operator) ? 'two numbers' : 'numbers or lists of numbers';
}

/** Reports a number that no computer holds. */
export function notFinite(
  expression: Expression,
  text: string,
  context: EvaluationContext,
  help = 'Use numbers below 1e308.',
): Value {
  context.reporter.report('not-a-number', { text }, { at: expression.span, help: [help] });
  return invalid;
}
