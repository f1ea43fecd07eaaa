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
import type { EvaluationContext } from './evaluation-context.js';
import { asBranch } from './choices.js';
import { compareValues } from './equality.js';
import { callFunction, functionNames } from './functions.js';
import {
  calculate,
  isFormulaFunction,
  type Formula,
  type FormulaOperator,
} from '../../ir/formula.js';
import { fix, followed, following } from './model-parameter.js';
import { reportUnknownName, stepsOfReport } from './unknown-name.js';
import { choicesOf, countItems, describeValue, invalid, type Value } from './value.js';
import { isWord, reportWords, reportWordsApart } from './words.js';

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
  context.reporter.report(
    'list-too-long',
    { limit: listLimit },
    { at: expression.span, help: ['Use a shorter list.'] },
  );
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
    context.reporter.report(
      'unknown-function',
      { name: callee.text, known },
      { at: callee.span, help, fixes },
    );
    return invalid;
  }
  const args = expression.args.map((argument) => evaluate(argument.value, context));
  const words = expression.args.map(({ value }, index) =>
    reportWords(value, args[index]!, context),
  );
  if (words.includes(true)) return invalid;
  if (args.some((argument) => argument.kind === 'invalid')) return invalid;
  // Functions look at the items of lists, not into them.
  const looked = args.reduce(
    (sum, each) => sum + (each.kind === 'list' ? each.items.length : 0),
    0,
  );
  if (!context.work.count(looked, expression.span)) return invalid;
  const result = callFunction(callee.text, args);
  if (typeof result !== 'string') {
    const made = result.kind === 'list' ? result.items.length : 0;
    return context.work.count(made, expression.span)
      ? asResult(callee.text, args, result)
      : invalid;
  }
  context.reporter.report(
    'bad-function-argument',
    { name: callee.text, expects: result, found: describeAll(args) },
    { at: expression.span },
  );
  return invalid;
}

/** What a function gives, with how it follows from its arguments. */
function asResult(name: string, args: readonly Value[], result: Value): Value {
  if (result.kind === 'list') {
    // How long a list is decides what there is; items that are passed on know themselves.
    if (!args.some(({ kind }) => kind === 'list')) fix(followed(...args));
    return result;
  }
  if (result.kind !== 'number' && result.kind !== 'string') return result;
  const known = { ...result, ...following(...args) };
  if (known.kind !== 'number' || !isFormulaFunction(name)) return known;
  const numbers = args
    .flatMap((each) => (each.kind === 'list' ? each.items : [each]))
    .filter((each) => each.kind === 'number');
  return { ...known, ...derive(numbers, (of) => ({ kind: 'call', function: name, args: of })) };
}

type Derived = Pick<NumberValue, 'source' | 'root'>;

/** The formulas of a value that follows from others by one step; none where some have none. */
function derive(
  from: readonly NumberValue[],
  make: (formulas: readonly Formula[]) => Formula,
): Derived {
  const join = (part: 'source' | 'root'): Formula | undefined => {
    if (from.every((each) => each[part] === undefined)) return undefined;
    const formulas = from.flatMap((each): readonly Formula[] => {
      if (each[part] !== undefined) return [each[part]];
      // A number that follows from parameters in some other way is no constant.
      return each.follows === undefined ? [{ kind: 'number', value: each.value }] : [];
    });
    return formulas.length === from.length ? make(formulas) : undefined;
  };
  const [source, root] = [join('source'), join('root')];
  return { ...(source && { source }), ...(root && { root }) };
}

function describeAll(values: readonly Value[]): string {
  const words = values.map(describeValue);
  return words.length < 2
    ? (words[0] ?? 'nothing')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
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

type Arithmetic = FormulaOperator | '%';

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
  const isEquality = operator === '==' || operator === '!=';
  if (isEquality) {
    const sides = [
      [expression.left, left],
      [expression.right, right],
    ] as const;
    if (reportWordsApart(sides, context)) return invalid;
  }
  if (left.kind === 'invalid' || right.kind === 'invalid') {
    // Beside a value that is not known a name can be unknown all the same.
    if (!isEquality) reportUnknownOperand(expression, left, right, context);
    return invalid;
  }
  if (isEquality) {
    const isEqual = compareValues(expression, left, right, context);
    return isEqual?.kind === 'boolean'
      ? { ...isEqual, ...following(left, right) }
      : (isEqual ?? badOperand(expression, left, right, context));
  }
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') {
    if (left.kind !== 'number' || right.kind !== 'number')
      return badOperand(expression, left, right, context);
    const [a, b] = [left.value, right.value];
    const truth = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator];
    return { kind: 'boolean', value: truth, ...following(left, right) };
  }
  return broadcast(expression, operator, left, right, context);
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
  if (left.kind === 'invalid' || right.kind === 'invalid') return invalid;
  return badOperand(expression, left, right, context);
}

/** What is left of a division, with the sign of the divisor. */
function remainder(left: number, right: number): number {
  return right === 0 ? NaN : ((left % right) + right) % right;
}

type NumberValue = Extract<Value, { kind: 'number' }>;

function badOperand(
  expression: BinaryExpression,
  left: Value,
  right: Value,
  context: EvaluationContext,
): Value {
  if (reportUnknownOperand(expression, left, right, context)) return invalid;
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

/** A symbol in arithmetic is a name that nobody declared; whether there was one. */
function reportUnknownOperand(
  expression: BinaryExpression,
  left: Value,
  right: Value,
  context: EvaluationContext,
): boolean {
  for (const [operand, value] of [
    [expression.left, left],
    [expression.right, right],
  ] as const) {
    if (isWord(operand, value, context)) {
      reportUnknownName(operand, context, 'a value');
      return true;
    }
  }
  return false;
}

function operandsOf(operator: BinaryExpression['operator']): string {
  if (['==', '!='].includes(operator)) {
    return 'two numbers, two words, two strings or two truth values';
  }
  return ['<', '<=', '>', '>='].includes(operator) ? 'two numbers' : 'numbers or lists of numbers';
}

function notFinite(
  expression: Expression,
  text: string,
  context: EvaluationContext,
  help = 'Use numbers below 1e308.',
): Value {
  context.reporter.report('not-a-number', { text }, { at: expression.span, help: [help] });
  return invalid;
}
