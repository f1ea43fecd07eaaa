import type { Expression } from '../../parser/ast.js';
import { mapExpression, substitute } from '../../parser/tree/syntax.js';

/**
 * Puts expressions in the place of names. A name that stands for a list becomes
 * its items inside a list: `[skips, up]` is one flat list, and `[up, reverse(skips)]` has
 * them the last first.
 */
export function spliceLists(
  expression: Expression,
  bindings: ReadonlyMap<string, Expression>,
): Expression {
  const spliced = mapExpression(expression, (inner) => {
    if (inner.kind !== 'list') return inner;
    return { ...inner, items: inner.items.flatMap((item) => boundList(item, bindings) ?? [item]) };
  });
  const turned = mapExpression(spliced, (inner) => {
    const items = inner.kind === 'call' ? boundList(inner, bindings) : undefined;
    return items === undefined ? inner : { kind: 'list', items, span: inner.span };
  });
  return substitute(turned, bindings);
}

/** The tensors that a name stands for, `skips`, or that name turned around, `reverse(skips)`. */
function boundList(
  item: Expression,
  bindings: ReadonlyMap<string, Expression>,
): readonly Expression[] | undefined {
  if (item.kind === 'name') {
    const bound = bindings.get(item.name);
    return bound?.kind === 'list' ? bound.items : undefined;
  }
  const [only, ...others] = item.kind === 'call' && item.callee.text === 'reverse' ? item.args : [];
  if (only === undefined || only.name !== undefined || others.length > 0) return undefined;
  return boundList(only.value, bindings)?.toReversed();
}
