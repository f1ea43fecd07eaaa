import type { Fix } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { BinaryExpression, Expression } from '../../parser/ast.js';
import type { EvaluationContext } from './evaluation-context.js';
import { choicesOf, invalid, listChoices, type Choices, type Value } from './value.js';

/**
 * `==` and `!=`. A comparison that is false whatever the parameters are is a mistake: of
 * values of two kinds, or with a value that a parameter of choices does not take. What
 * counts is what a side may be, not what it happens to be.
 */

type Comparable = Extract<Value, { readonly kind: 'number' | 'boolean' | 'string' | 'symbol' }>;

interface Side {
  readonly expression: Expression;
  readonly value: Comparable;
}

/** Whether two values are equal; undefined where they cannot be compared, which is not reported. */
export function compareValues(
  { operator, left, right }: Pick<BinaryExpression, 'operator' | 'left' | 'right'>,
  leftValue: Value,
  rightValue: Value,
  context: EvaluationContext,
): Value | undefined {
  if (!isComparable(leftValue) || !isComparable(rightValue)) return undefined;
  const one = { expression: left, value: leftValue };
  const other = { expression: right, value: rightValue };
  if (reportImpossible(one, other, context) || reportImpossible(other, one, context)) {
    return invalid;
  }
  const haveChoices = choicesOf(leftValue) !== undefined || choicesOf(rightValue) !== undefined;
  const isAnyWord = isUntyped(one, context) || isUntyped(other, context);
  if (leftValue.kind !== rightValue.kind && !haveChoices && !isAnyWord) return undefined;
  const isEqual = leftValue.kind === rightValue.kind && dataOf(leftValue) === dataOf(rightValue);
  return { kind: 'boolean', value: isEqual === (operator === '==') };
}

const isComparable = (value: Value): value is Comparable =>
  ['number', 'boolean', 'string', 'symbol'].includes(value.kind);

const dataOf = (value: Comparable): number | boolean | string =>
  value.kind === 'symbol' ? value.name : value.value;

/** A parameter without a type may hold a word now and a number another time. */
const isUntyped = ({ expression, value }: Side, { environment }: EvaluationContext): boolean =>
  value.kind === 'symbol' && expression.kind === 'name' && environment.has(expression.name);

/** Reports what a side with choices can never be equal to; whether there is such. */
function reportImpossible(side: Side, other: Side, context: EvaluationContext): boolean {
  const choices = choicesOf(side.value);
  if (choices === undefined) return false;
  const others = valuesOf(other, choices, context);
  if (others === undefined || others.some((value) => choices.includes(value))) return false;
  const word = String(others[0] ?? dataOf(other.value));
  const { span } = other.expression;
  const { help, fixes } = didYouMean({ text: word, span }, choices.map(String));
  const { expression } = side;
  const owner = expression.kind === 'name' ? `"${expression.name}"` : 'the value';
  const quoted = withoutQuotes(other, choices);
  context.reporter.report(
    'impossible-comparison',
    { word, other: owner, known: listChoices(choices) },
    { at: span, help, fixes: quoted === undefined ? fixes : [quoted] },
  );
  return true;
}

/** All that a side may be beside these choices; undefined where it may be one of them another time. */
function valuesOf(side: Side, beside: Choices, context: EvaluationContext): Choices | undefined {
  const own = choicesOf(side.value);
  if (own !== undefined) return own;
  const { expression, value } = side;
  // Strings and truth values are no choices, whatever they are.
  if (value.kind === 'string' || value.kind === 'boolean') return [];
  if (value.kind === 'symbol') return isUntyped(side, context) ? undefined : [value.name];
  const mayBeOne = expression.kind !== 'number' && beside.some((each) => typeof each === 'number');
  return mayBeOne ? undefined : [value.value];
}

function withoutQuotes({ expression, value }: Side, choices: Choices): Fix | undefined {
  if (value.kind !== 'string' || expression.kind !== 'string') return undefined;
  if (!choices.includes(value.value)) return undefined;
  const edits = [{ span: expression.span, text: value.value }];
  return { title: `Write "${value.value}" without quotes`, edits };
}
