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
import type { Expression, NameExpression } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { checkOptions } from '../values/options.js';
import { chooseBranch, wordOf } from '../values/read-choice.js';
import type { ComponentCall } from '../../ir/recipe.js';

/**
 * `adam(lr: 0.001)` or a bare `flip`, looked up in one family; also a parameter that holds such
 * a word, and a choice between components.
 */
export function readComponent<F extends Family>(
  written: Expression,
  family: F,
  context: EvaluationContext,
): ComponentCall<NameOf<F>> | undefined {
  const expression = chooseBranch(written, context);
  if (expression === undefined || expression.kind === 'missing') return undefined;
  const callee =
    expression.kind === 'name'
      ? { text: meantBy(expression, family, context), span: expression.span }
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

/** A component's name is meant as that, whatever parameter is called so, too. */
const meantBy = (written: NameExpression, family: Family, context: EvaluationContext): string =>
  isComponent(family, written.name) ? written.name : wordOf(written, context)!;

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
