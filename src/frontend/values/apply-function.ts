import { isFormulaFunction } from '../../ir/formula.js';
import type { CallExpression } from '../../parser/ast.js';
import type { EvaluationContext } from './evaluation-context.js';
import { callFunction } from './functions.js';
import { derive, fix, followed, following } from './model-parameter.js';
import { describeValue, invalid, type Value } from './value.js';

/** The value of a call of a known function; reported where it does not take these arguments. */
export function applyFunction(
  expression: CallExpression,
  args: readonly Value[],
  context: EvaluationContext,
): Value {
  const { text: name } = expression.callee;
  // Functions look at the items of lists, not into them.
  const looked = args.reduce(
    (sum, each) => sum + (each.kind === 'list' ? each.items.length : 0),
    0,
  );
  if (!context.work.count(looked, expression.span)) return invalid;
  const result = callFunction(name, args);
  if (typeof result !== 'string') {
    const made = result.kind === 'list' ? result.items.length : 0;
    return context.work.count(made, expression.span) ? asResult(name, args, result) : invalid;
  }
  context.reporter.report(
    'bad-function-argument',
    { name, expects: result, found: describeAll(args) },
    { at: expression.span },
  );
  return invalid;
}

/** What a function gives, with how it follows from its arguments. */
function asResult(name: string, args: readonly Value[], result: Value): Value {
  if (result.kind === 'list') {
    // How long a list is decides what there is; items that are passed on know themselves.
    if (!args.some(({ kind }) => kind === 'list')) fix(followed(...args));
    return result;
  }
  if (result.kind !== 'number' && result.kind !== 'string') return result;
  const known = { ...result, ...following(...args) };
  if (known.kind !== 'number' || !isFormulaFunction(name)) return known;
  const numbers = args
    .flatMap((each) => (each.kind === 'list' ? each.items : [each]))
    .filter((each) => each.kind === 'number');
  return { ...known, ...derive(numbers, (of) => ({ kind: 'call', function: name, args: of })) };
}

function describeAll(values: readonly Value[]): string {
  const words = values.map(describeValue);
  return words.length < 2
    ? (words[0] ?? 'nothing')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}
