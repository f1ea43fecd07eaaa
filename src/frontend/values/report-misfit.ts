import type { Label } from '../../diagnostics/diagnostic.js';
import type { Expression, ParameterNode } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { EvaluationContext } from './evaluation-context.js';
import { describeType, wordsOf } from './parameters.js';
import { describeValue, type Value } from './value.js';
import { isWord, reportWords } from './words.js';

/** A value that its parameter does not take. */
export interface Misfit {
  readonly owner: string;
  readonly parameter: ParameterNode;
  readonly expression: Expression;
  readonly value: Value;
  readonly labels?: readonly Label[];
}

/** Reports a value of another type; a word where the type has none is an unknown name. */
export function reportMisfit(
  { owner, parameter, expression, value, labels = [] }: Misfit,
  context: EvaluationContext,
): void {
  const words = wordsOf(parameter.type);
  const expects = describeType(parameter.type);
  if (words.length === 0 && reportWords(expression, value, context, expects)) return;
  const near = isWord(expression, value, context)
    ? didYouMean({ text: expression.name, span: expression.span }, [
        ...words,
        ...context.environment.names(),
      ])
    : { help: [], fixes: [] };
  context.reporter.report(
    'bad-argument-type',
    { owner, name: parameter.name.text, expects, found: describeValue(value) },
    { at: expression.span, labels, help: near.help, fixes: near.fixes },
  );
}
