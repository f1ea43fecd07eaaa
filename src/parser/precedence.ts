import type { BinaryOperator, Expression } from './ast.js';

/** How tightly the forms of expressions bind; the grammar's rules from the loosest to the tightest. */
export const precedence = {
  conditional: 0,
  pipeline: 1,
  or: 2,
  and: 3,
  not: 4,
  comparison: 5,
  sum: 6,
  product: 7,
  negation: 8,
  postfix: 9,
} as const;

/** How tightly each operator between two values binds. */
export const precedenceOfOperator: Readonly<Record<BinaryOperator, number>> = {
  or: precedence.or,
  and: precedence.and,
  '==': precedence.comparison,
  '!=': precedence.comparison,
  '<': precedence.comparison,
  '<=': precedence.comparison,
  '>': precedence.comparison,
  '>=': precedence.comparison,
  '+': precedence.sum,
  '-': precedence.sum,
  '*': precedence.product,
  '/': precedence.product,
  '%': precedence.product,
};

/** How tightly an expression binds: a tighter one needs no parentheses inside a looser one. */
export function precedenceOf(expression: Expression): number {
  switch (expression.kind) {
    case 'conditional':
      return precedence.conditional;
    case 'pipeline':
      return precedence.pipeline;
    case 'binary':
      return precedenceOfOperator[expression.operator];
    case 'unary':
      return expression.operator === 'not' ? precedence.not : precedence.negation;
    case 'number':
      // A tree that was built may hold a negative number as one literal.
      return expression.text.startsWith('-') ? precedence.negation : precedence.postfix;
    default:
      return precedence.postfix;
  }
}
