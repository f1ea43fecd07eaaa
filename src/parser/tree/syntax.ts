import type { Argument, BinaryOperator, Expression } from '../ast.js';
import { partsOf } from '../parts.js';
import type { Span } from '../../diagnostics/source.js';

/** Builds and rewrites syntax trees: schemes are shorthand for wires, made of the user's own expressions. */

export function nameAt(name: string, span: Span): Expression {
  return { kind: 'name', name, span };
}

export function numberAt(value: number, span: Span): Expression {
  return { kind: 'number', value, text: String(value), span };
}

export function callAt(name: string, args: readonly Argument[], span: Span): Expression {
  return { kind: 'call', callee: { text: name, span }, args, span };
}

export function positional(value: Expression): Argument {
  return { name: undefined, value, span: value.span };
}

/** A word or a truth value as it is written; undefined for what is neither. */
export function wordOf(
  expression: Expression,
): { readonly text: string; readonly span: Span } | undefined {
  const { span } = expression;
  if (expression.kind === 'name') return { text: expression.name, span };
  return expression.kind === 'boolean' ? { text: String(expression.value), span } : undefined;
}

/** One pipeline of several parts; parts that are pipelines themselves are spliced in. */
export function joinPipeline(parts: readonly Expression[]): Expression {
  const steps = parts.flatMap((part) => (part.kind === 'pipeline' ? part.steps : [part]));
  const [first] = steps;
  if (steps.length === 1 && first !== undefined) return first;
  return { kind: 'pipeline', steps, span: parts.at(-1)!.span };
}

/** Applies `rewrite` to every sub-expression, innermost first. */
export function mapExpression(
  expression: Expression,
  rewrite: (expression: Expression) => Expression,
): Expression {
  const map = (inner: Expression): Expression => mapExpression(inner, rewrite);
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'name':
    case 'missing':
      return rewrite(expression);
    case 'list':
      return rewrite({ ...expression, items: expression.items.map(map) });
    case 'call':
      return rewrite({
        ...expression,
        args: expression.args.map((argument) => ({ ...argument, value: map(argument.value) })),
      });
    case 'member':
      return rewrite({ ...expression, object: map(expression.object) });
    case 'unary':
      return rewrite({ ...expression, operand: map(expression.operand) });
    case 'binary':
      return rewrite({ ...expression, left: map(expression.left), right: map(expression.right) });
    case 'conditional':
      return rewrite({
        ...expression,
        value: map(expression.value),
        condition: map(expression.condition),
        otherwise: expression.otherwise && map(expression.otherwise),
      });
    case 'pipeline':
      return rewrite({ ...expression, steps: expression.steps.map(map) });
  }
}

/** Whether a name occurs anywhere in an expression. */
export function mentions(expression: Expression, name: string): boolean {
  const isIt = expression.kind === 'name' && expression.name === name;
  return isIt || partsOf(expression).some((part) => mentions(part, name));
}

/**
 * Puts expressions in the place of names, then folds what became constant:
 * `256 * 1`, conditions on numbers, pipelines inside pipelines.
 */
export function substitute(
  expression: Expression,
  bindings: ReadonlyMap<string, Expression>,
): Expression {
  return mapExpression(expression, (inner) => {
    if (inner.kind === 'name') return bindings.get(inner.name) ?? inner;
    return fold(inner);
  });
}

function fold(expression: Expression): Expression {
  switch (expression.kind) {
    case 'binary':
      return foldBinary(expression.operator, expression.left, expression.right) ?? expression;
    case 'conditional': {
      if (expression.condition.kind !== 'boolean') return expression;
      if (expression.condition.value) return expression.value;
      return expression.otherwise ?? expression;
    }
    case 'pipeline': {
      // A step whose condition is false and that has no `else` passes on what it gets.
      const steps = expression.steps.filter((step, index) => index === 0 || !isFalse(step));
      return joinPipeline(steps);
    }
    case 'number':
    case 'string':
    case 'boolean':
    case 'name':
    case 'list':
    case 'call':
    case 'member':
    case 'unary':
    case 'missing':
      return expression;
  }
}

const isFalse = (step: Expression): boolean =>
  step.kind === 'conditional' &&
  step.otherwise === undefined &&
  step.condition.kind === 'boolean' &&
  !step.condition.value;

function foldBinary(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): Expression | undefined {
  const { span } = left;
  if (operator === '*' && left.kind === 'number' && left.value === 1) return right;
  if (operator === '*' && right.kind === 'number' && right.value === 1) return left;
  if (left.kind === 'boolean' && right.kind === 'boolean') {
    if (operator === 'and') return { ...left, value: left.value && right.value };
    if (operator === 'or') return { ...left, value: left.value || right.value };
  }
  if (left.kind !== 'number' || right.kind !== 'number') return undefined;
  const [a, b] = [left.value, right.value];
  const truth = (value: boolean): Expression => ({ kind: 'boolean', value, span });
  switch (operator) {
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '+':
      return numberAt(a + b, span);
    case '-':
      return a >= b ? numberAt(a - b, span) : undefined;
    case '*':
      return numberAt(a * b, span);
    case '/':
      return b !== 0 && Number.isInteger(a / b) ? numberAt(a / b, span) : undefined;
    case '%':
    case 'and':
    case 'or':
      return undefined;
  }
}

/** The expression of one item of a list-valued expression: item 2 of `base * [1, 2, 4]` is `base * 4`. */
export function itemOf(
  expression: Expression,
  index: number,
  isList: (expression: Expression) => boolean,
): Expression | undefined {
  if (expression.kind === 'list') return expression.items[index];
  if (expression.kind !== 'binary') return undefined;
  const { left, right } = expression;
  const one = isList(left) ? itemOf(left, index, isList) : left;
  const other = isList(right) ? itemOf(right, index, isList) : right;
  return one && other && fold({ ...expression, left: one, right: other });
}
