import { messages } from '../../diagnostics/messages/index.js';
import { Reporter } from '../../diagnostics/report.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type {
  BinaryExpression,
  CallExpression,
  Expression,
  ListExpression,
  MemberExpression,
} from '../../parser/ast.js';
import { applyFunction } from './apply-function.js';
import { asBranch } from './choices.js';
import type { EvaluationContext } from './evaluation-context.js';
import { functionNames } from './functions.js';
import { fix, followed, following } from './model-parameter.js';
import { applyOperator, notFinite } from './operators.js';
import { stepsOfReport } from './unknown-name.js';
import { choicesOf, countItems, describeValue, invalid, type Value } from './value.js';
import { reportWords } from './words.js';

/**
 * The value of an expression that stands for data (not for a flow of tensors).
 * A bare word that names nothing is a symbol: whoever takes the value knows
 * which words it allows, and reports the others. After too many steps no value is known.
 */
export function evaluate(expression: Expression, context: EvaluationContext): Value {
  return context.work.count(1, expression.span) ? valueOf(expression, context) : invalid;
}

function valueOf(expression: Expression, context: EvaluationContext): Value {
  switch (expression.kind) {
    case 'number':
      return Number.isFinite(expression.value)
        ? { kind: 'number', value: expression.value }
        : notFinite(expression, expression.text, context);
    case 'string':
      return { kind: 'string', value: expression.value };
    case 'boolean':
      return { kind: 'boolean', value: expression.value };
    case 'name':
      return (
        context.environment.lookup(expression.name) ?? { kind: 'symbol', name: expression.name }
      );
    case 'list':
      return evaluateList(expression, context);
    case 'call':
      return evaluateCall(expression, context);
    case 'member':
      return evaluateMember(expression, context);
    case 'unary':
      return evaluateUnary(expression.operator, expression.operand, expression, context);
    case 'binary':
      return evaluateBinary(expression, context);
    case 'conditional': {
      const condition = evaluateCondition(expression.condition, context);
      if (condition === undefined) {
        evaluate(expression.value, context);
        if (expression.otherwise !== undefined) evaluate(expression.otherwise, context);
        return invalid;
      }
      if (expression.otherwise !== undefined) {
        const [chosen, other] = condition
          ? [expression.value, expression.otherwise]
          : [expression.otherwise, expression.value];
        const unchosen = checkNames(other, context);
        return asBranch([chosen, evaluate(chosen, context)], [other, unchosen], context);
      }
      if (condition) return evaluate(expression.value, context);
      context.reporter.report(
        'expected-value',
        { after: 'the condition', found: 'no "else"' },
        { at: expression.condition.span, help: ['Add "else" and the value for the other case.'] },
      );
      return invalid;
    }
    case 'pipeline':
      context.reporter.report(
        'misplaced',
        { what: 'A pipeline of layers', where: 'a value' },
        { at: expression.span },
      );
      return invalid;
    case 'missing':
      return invalid;
  }
}

/**
 * Checks the names in a part that does not count: they may count for another value of a
 * parameter. Nothing else is told of it; a bare word may be one. Returns its value.
 */
function checkNames(expression: Expression, context: EvaluationContext): Value {
  const reporter = new Reporter();
  const value = evaluate(expression, { ...context, reporter });
  const codes = [messages['unknown-name'].code, messages['unknown-function'].code];
  context.reporter.add(reporter.diagnostics.filter(({ code }) => codes.includes(code as never)));
  return value;
}

/** Longer than any list of widths; lists of lists count with all their items. */
const listLimit = 10_000;

function evaluateList(expression: ListExpression, context: EvaluationContext): Value {
  const list: Value = {
    kind: 'list',
    items: expression.items.map((item) => evaluate(item, context)),
  };
  if (countItems(list) <= listLimit) return list;
  const place = { at: expression.span, help: ['Use a shorter list.'] };
  context.reporter.report('list-too-long', { limit: listLimit }, place);
  return invalid;
}

/** The truth of a condition; undefined when it was reported to have none. */
export function evaluateCondition(
  expression: Expression,
  context: EvaluationContext,
): boolean | undefined {
  const value = evaluate(expression, context);
  fix(followed(value));
  if (value.kind === 'boolean') return value.value;
  if (reportWords(expression, value, context, 'a condition')) return undefined;
  if (value.kind !== 'invalid') {
    context.reporter.report(
      'expected-condition',
      { found: describeValue(value) },
      {
        at: expression.span,
        help: value.kind === 'number' ? ['Compare it, for example with "> 0".'] : [],
      },
    );
  }
  return undefined;
}

function evaluateCall(expression: CallExpression, context: EvaluationContext): Value {
  const { callee } = expression;
  if (!functionNames.includes(callee.text)) {
    context.work.count(stepsOfReport, expression.span);
    const { known, help, fixes } = didYouMean(callee, functionNames, 'the functions are');
    const place = { at: callee.span, help, fixes };
    context.reporter.report('unknown-function', { name: callee.text, known }, place);
    return invalid;
  }
  const args = expression.args.map((argument) => evaluate(argument.value, context));
  const words = expression.args.map(({ value }, index) =>
    reportWords(value, args[index]!, context),
  );
  if (words.includes(true) || args.some(({ kind }) => kind === 'invalid')) return invalid;
  return applyFunction(expression, args, context);
}

function evaluateMember(expression: MemberExpression, context: EvaluationContext): Value {
  const object = evaluate(expression.object, context);
  if (object.kind === 'invalid') return invalid;
  if (object.kind === 'symbol' && context.environment.isIncomplete) return invalid;
  const [node] = object.kind === 'tensor' && !object.isList ? object.nodes : [];
  if (node === undefined) {
    const found =
      object.kind === 'symbol' ? `the unknown name "${object.name}"` : describeValue(object);
    context.reporter.report(
      'bad-function-argument',
      { name: expression.member.text, expects: 'one tensor before the dot', found },
      { at: expression.object.span },
    );
    return invalid;
  }
  if (expression.member.text !== 'channels') {
    const { help, fixes } = didYouMean(expression.member, ['channels']);
    context.reporter.report(
      'unknown-member',
      { member: expression.member.text },
      { at: expression.member.span, help, fixes },
    );
    return invalid;
  }
  const scope = object.kind === 'tensor' ? object.inputOf : undefined;
  const channels = context.channelsOf(node);
  return scope === undefined ? channels : { ...channels, source: { kind: 'channels', scope } };
}

function evaluateUnary(
  operator: '-' | 'not',
  operand: Expression,
  whole: Expression,
  context: EvaluationContext,
): Value {
  if (operator === 'not') {
    const condition = evaluateCondition(operand, context);
    return condition === undefined ? invalid : { kind: 'boolean', value: !condition };
  }
  const value = evaluate(operand, context);
  if (value.kind === 'number') {
    return { kind: 'number', value: -value.value, ...following(value) };
  }
  if (reportWords(operand, value, context)) return invalid;
  if (value.kind !== 'invalid') {
    context.reporter.report(
      'bad-function-argument',
      { name: '-', expects: 'a number', found: describeValue(value) },
      { at: whole.span },
    );
  }
  return invalid;
}

function evaluateBinary(expression: BinaryExpression, context: EvaluationContext): Value {
  const { operator } = expression;
  if (operator === 'and' || operator === 'or') {
    const left = evaluateCondition(expression.left, context);
    if (left === undefined) {
      evaluateCondition(expression.right, context);
      return invalid;
    }
    if (left === (operator === 'or')) {
      checkNames(expression.right, context);
      return { kind: 'boolean', value: left };
    }
    const right = evaluateCondition(expression.right, context);
    return right === undefined ? invalid : { kind: 'boolean', value: right };
  }
  const [left, right] =
    operator === '==' || operator === '!='
      ? evaluateSides(expression, context)
      : [evaluate(expression.left, context), evaluate(expression.right, context)];
  return applyOperator(expression, operator, left, right, context);
}

/**
 * The sides of a comparison. Beside a value with choices, a name that is one of
 * them is that word, whatever else it may name: `end == block`.
 */
function evaluateSides(
  { left, right }: BinaryExpression,
  context: EvaluationContext,
): readonly [Value, Value] {
  const one = evaluate(left, context);
  const other = asChoice(right, one) ?? evaluate(right, context);
  return [asChoice(left, other) ?? one, other];
}

function asChoice(expression: Expression, beside: Value): Value | undefined {
  const choices = choicesOf(beside);
  return expression.kind === 'name' && choices?.includes(expression.name)
    ? { kind: 'symbol', name: expression.name }
    : undefined;
}
