import type { Expression } from '../../parser/ast.js';
import { evaluateCondition } from './evaluate.js';
import { fix, followed } from './model-parameter.js';
import type { EvaluationContext } from './evaluation-context.js';

/**
 * One of a few words: written out, as a parameter that holds one, or as a choice
 * between them. Undefined when it is none, which is reported.
 *
 * @param owner the section and the field, for the message.
 */
export function readChoice<Choice extends string>(
  expression: Expression,
  choices: readonly Choice[],
  [owner, name]: readonly [string, string],
  context: EvaluationContext,
): Choice | undefined {
  const chosen = chooseBranch(expression, context);
  if (chosen === undefined) return undefined;
  const word = wordOf(chosen, context);
  const found = choices.find((choice) => choice === word);
  if (found !== undefined) return found;
  if (chosen.kind === 'missing') return undefined;
  context.reporter.report(
    'bad-option-value',
    {
      owner,
      name,
      expects: choices.map((choice) => `"${choice}"`).join(', '),
      found: word === undefined ? 'a value' : `"${word}"`,
    },
    { at: chosen.span },
  );
  return undefined;
}

/** The branch of a conditional that holds; undefined where that cannot be told, which is reported. */
export function chooseBranch(
  expression: Expression,
  context: EvaluationContext,
): Expression | undefined {
  if (expression.kind !== 'conditional') return expression;
  const condition = evaluateCondition(expression.condition, context);
  if (condition === undefined) return undefined;
  if (condition) return chooseBranch(expression.value, context);
  if (expression.otherwise !== undefined) return chooseBranch(expression.otherwise, context);
  context.reporter.report(
    'expected-value',
    { after: 'the condition', found: 'no "else"' },
    {
      at: expression.condition.span,
      help: ['Add "else" and the value for the other case.'],
    },
  );
  return undefined;
}

/** The word that an expression is, or that the parameter it names holds. */
export function wordOf(expression: Expression, context: EvaluationContext): string | undefined {
  if (expression.kind !== 'name') return undefined;
  const parameter = context.environment.lookup(expression.name);
  if (parameter !== undefined) fix(followed(parameter));
  return parameter?.kind === 'symbol' ? parameter.name : expression.name;
}
