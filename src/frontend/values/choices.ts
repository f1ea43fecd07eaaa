import type { Expression } from '../../parser/ast.js';
import type { EvaluationContext } from './evaluation-context.js';
import { choicesOf, invalid, type Choices, type Value } from './value.js';
import { isWord } from './words.js';

/**
 * What a place may hold that holds one of several values: a conditional value, the name
 * of a loop. A comparison asks what it may be, not what it happens to be.
 */

/** The value of one branch as the value of the whole: it may be what either branch may be. */
export function asBranch(
  chosen: readonly [Expression, Value],
  other: readonly [Expression, Value],
  context: EvaluationContext,
): Value {
  const [, value] = chosen;
  // Which words an unknown branch may be says nothing of the other.
  if (value.kind === 'invalid') return invalid;
  if (choicesOf(value) === undefined && choicesOf(other[1]) === undefined) return value;
  return withChoices(
    value,
    union([writtenChoices(chosen, context), writtenChoices(other, context)]),
  );
}

/** The items of a list as the values of one name. */
export function asRounds(items: readonly Value[]): readonly Value[] {
  const own = [...new Set(items.map(wordsOrChoices))];
  if (own.length < 2) return items;
  const all = union(own);
  return items.map((item) => withChoices(item, all));
}

/** Of a value that is not known, the words that it may be. */
const wordsOrChoices = (value: Value): Choices | undefined =>
  value.kind === 'invalid' ? value.words : choicesOf(value);

/** What a branch may be: a bare word and a number are themselves. */
function writtenChoices(
  [expression, value]: readonly [Expression, Value],
  context: EvaluationContext,
): Choices | undefined {
  if (expression.kind === 'number' && value.kind === 'number') return [value.value];
  return isWord(expression, value, context) ? [expression.name] : choicesOf(value);
}

function union(all: readonly (Choices | undefined)[]): Choices | undefined {
  const known = all.filter((each) => each !== undefined);
  return known.length === all.length ? [...new Set(known.flat())] : undefined;
}

function withChoices(value: Value, choices: Choices | undefined): Value {
  if (value.kind === 'invalid') {
    const words = choices?.filter((each) => typeof each === 'string');
    return words === undefined ? invalid : { ...value, words };
  }
  if (value.kind !== 'number' && value.kind !== 'symbol') return value;
  const { choices: _, ...plain } = value;
  return choices === undefined ? plain : { ...plain, choices };
}
