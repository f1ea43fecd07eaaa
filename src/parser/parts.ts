import type { Expression } from './ast.js';

/** The expressions that stand directly inside one, in the order of the text. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'name':
    case 'missing':
      return [];
    case 'list':
      return expression.items;
    case 'call':
      return expression.args.map(({ value }) => value);
    case 'member':
      return [expression.object];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional': {
      const { value, condition, otherwise } = expression;
      return [value, condition, ...(otherwise === undefined ? [] : [otherwise])];
    }
    case 'pipeline':
      return expression.steps;
  }
}
