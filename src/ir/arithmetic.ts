import type { SourceExpression } from './graph.js';

/** The operators of expressions that emitters write out again. */
export type SourceOperator = Extract<SourceExpression, { kind: 'binary' }>['operator'];

/** The value of an operation on two numbers. */
export function calculate(operator: SourceOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}
