import { withArticle } from '../../diagnostics/counted.js';
import { componentNames, familyWords, findComponent } from '../../catalog/index.js';
import type { Family } from '../../catalog/component.js';
import type { Expression } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { checkOptions } from '../values/options.js';
import type { ComponentCall } from '../../ir/recipe.js';

/** `adam(lr: 0.001)` or a bare `flip`, looked up in one family. */
export function readComponent(
  expression: Expression,
  family: Family,
  context: EvaluationContext,
): ComponentCall | undefined {
  if (expression.kind === 'missing') return undefined;
  const callee =
    expression.kind === 'name'
      ? { text: expression.name, span: expression.span }
      : expression.kind === 'call'
        ? expression.callee
        : undefined;
  const declaration = callee && findComponent(family, callee.text);
  if (callee === undefined || declaration === undefined) {
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
    { name: callee.text, span: callee.span },
    declaration,
    expression.kind === 'call' ? expression.args : [],
    context,
  );
  return options && { name: callee.text, options: options.values, origin: expression.span };
}

/** The options of a component that is not written: all defaults. */
export const defaultsOf = (family: Family, name: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(findComponent(family, name)!.options).flatMap(([option, declaration]) =>
      declaration.default === undefined ? [] : [[option, declaration.default]],
    ),
  );
