import { withArticle } from '../../diagnostics/counted.js';
import {
  componentNames,
  familyWords,
  findComponent,
  isComponent,
  type NameOf,
} from '../../catalog/index.js';
import type { Family } from '../../catalog/component.js';
import type { OptionsOf } from '../../catalog/options-of.js';
import type { Expression } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { checkOptions } from '../values/options.js';
import type { ComponentCall } from '../../ir/recipe.js';

/** `adam(lr: 0.001)` or a bare `flip`, looked up in one family. */
export function readComponent<F extends Family>(
  expression: Expression,
  family: F,
  context: EvaluationContext,
): ComponentCall<NameOf<F>> | undefined {
  if (expression.kind === 'missing') return undefined;
  const callee =
    expression.kind === 'name'
      ? { text: expression.name, span: expression.span }
      : expression.kind === 'call'
        ? expression.callee
        : undefined;
  const name = callee?.text ?? '';
  if (callee === undefined || !isComponent(family, name)) {
    const word = callee ?? { text: '', span: expression.span };
    const { known, help, fixes } = didYouMean(
      word,
      componentNames(family),
      `${withArticle(familyWords[family])}:`,
    );
    context.reporter.report(
      'unknown-name',
      { name: callee?.text ?? 'value', expected: known },
      { at: word.span, help, fixes },
    );
    return undefined;
  }
  const options = checkOptions(
    { name, span: callee.span },
    findComponent(family, name)!,
    expression.kind === 'call' ? expression.args : [],
    context,
  );
  return options && { name, options: options.values, origin: expression.span };
}

/** The options of a component that is not written: all defaults. */
export function defaultsOf<F extends Family, N extends NameOf<F>>(
  family: F,
  name: N,
): OptionsOf<F, N> {
  const { options } = findComponent(family, name)!;
  const values = Object.entries(options).flatMap(([option, declaration]) =>
    declaration.default === undefined ? [] : [[option, declaration.default]],
  );
  return Object.fromEntries(values) as OptionsOf<F, N>;
}
