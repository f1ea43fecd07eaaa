import type { Expression } from '../../parser/ast.js';
import { mapExpression, substitute } from '../../parser/tree/syntax.js';

/**
 * Puts expressions in the place of names. A name that stands for a list becomes
 * its items inside a list: `[skips, up]` is one flat list.
 */
export function spliceLists(
  expression: Expression,
  bindings: ReadonlyMap<string, Expression>,
): Expression {
  const spliced = mapExpression(expression, (inner) => {
    if (inner.kind !== 'list') return inner;
    const items = inner.items.flatMap((item): readonly Expression[] => {
      const bound = item.kind === 'name' ? bindings.get(item.name) : undefined;
      return bound?.kind === 'list' ? bound.items : [item];
    });
    return { ...inner, items };
  });
  return substitute(spliced, bindings);
}
