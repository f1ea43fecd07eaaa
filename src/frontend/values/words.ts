import { closest } from '../../diagnostics/suggest.js';
import type { Expression, NameExpression } from '../../parser/ast.js';
import type { EvaluationContext } from './evaluation-context.js';
import { reportUnknownName } from './unknown-name.js';
import { choicesOf, type Value } from './value.js';

/**
 * A bare word is legal only where it meets something that has that word: an option, a
 * parameter of choices. Everywhere else it is a name that nobody declared.
 */

/** Whether an expression is a bare word, for no name of that spelling can be seen. */
export function isWord(
  expression: Expression,
  value: Value,
  { environment }: Pick<EvaluationContext, 'environment'>,
): expression is NameExpression {
  return expression.kind === 'name' && value.kind === 'symbol' && !environment.has(expression.name);
}

/** Reports the words of a value where none can be meant, in lists too; whether there were any. */
export function reportWords(
  expression: Expression,
  value: Value,
  context: EvaluationContext,
  expected = 'a value',
): boolean {
  if (isWord(expression, value, context)) {
    reportUnknownName(expression, context, expected);
    return true;
  }
  if (expression.kind !== 'list' || value.kind !== 'list') return false;
  const found = expression.items.map((item, index) => {
    const inner = value.items[index];
    return inner !== undefined && reportWords(item, inner, context, expected);
  });
  return found.includes(true);
}

/**
 * Reports the words in a comparison that the other side does not have; whether there were
 * any. What the other side has is known of parameters of choices alone.
 */
export function reportWordsApart(
  sides: readonly [readonly [Expression, Value], readonly [Expression, Value]],
  context: EvaluationContext,
): boolean {
  if (!sides.some(([expression, value]) => isWord(expression, value, context))) return false;
  const [left, right] = sides;
  const pairs = [
    { side: left, beside: right },
    { side: right, beside: left },
  ];
  const found = pairs.map(({ side, beside }, index) => {
    const [expression, value] = side;
    const [otherExpression, other] = beside;
    // Of two names that nobody declared, the one that is near to another is the mistake.
    if (isWord(otherExpression, other, context) && isWord(expression, value, context)) {
      const [own, its] = [expression, otherExpression].map((each) => isNear(each, context));
      if (own === its ? index === 1 : !own) return false;
    }
    if (!isWord(expression, value, context)) return false;
    const words = wordsBeside(other);
    if (words === undefined || words.includes(expression.name)) return false;
    // A parameter without a type may hold any word, so none can be checked.
    const isUntyped =
      other.kind === 'symbol' &&
      otherExpression.kind === 'name' &&
      context.environment.has(otherExpression.name);
    const help = isUntyped
      ? [`Declare the words that it takes: "${otherExpression.name}: ${expression.name} | ...".`]
      : [];
    reportUnknownName(expression, context, 'a value', words, help);
    return true;
  });
  return found.includes(true);
}

function isNear({ name, span }: NameExpression, context: EvaluationContext): boolean {
  const names = context.environment.names();
  return context.work.count(names.length, span) && closest(name, names) !== undefined;
}

/** The words that a value may be compared with; undefined where they are told elsewhere, or not known. */
function wordsBeside(other: Value): readonly string[] | undefined {
  if (other.kind === 'invalid') return other.words;
  // A word that the parameter does not have is told with those that it has.
  const choices = choicesOf(other);
  return choices?.some((each) => typeof each === 'string') === true ? undefined : [];
}

/**
 * Reports the bare words among the branches of a conditional value that whoever takes it
 * does not have: those of the branch that does not count are met by nothing else. Whether
 * there were any.
 */
export function reportWordsOfBranches(
  expression: Expression,
  words: readonly string[],
  context: EvaluationContext,
): boolean {
  if (expression.kind !== 'conditional') return false;
  const branches = [expression.value, ...(expression.otherwise ? [expression.otherwise] : [])];
  const found = branches.map((branch) => {
    if (branch.kind !== 'name') return reportWordsOfBranches(branch, words, context);
    if (words.includes(branch.name) || context.environment.has(branch.name)) return false;
    reportUnknownName(branch, context, 'a value', words);
    return true;
  });
  return found.includes(true);
}
