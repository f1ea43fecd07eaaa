import type { HeadPrediction } from '../../ir/graph.js';
import type { Expression, Field } from '../../parser/ast.js';
import { reportIdle } from '../lints/lint-options.js';
import { evaluate } from '../values/evaluate.js';
import { chooseBranch, readChoice, wordOf } from '../values/read-choice.js';
import { reportUnknownName } from '../values/unknown-name.js';
import { describeValue } from '../values/value.js';
import type { DecoderEnds } from './decoder-ends.js';
import type { SchemeContext } from './scheme.js';
import type { UnfoldedDecoder } from './unfold-decoder.js';

/** What heads are unfolded over. */
export interface HeadSources {
  /** The tensor that a head without one of its own starts from; undefined where it could not be made. */
  readonly last: string | undefined;
  readonly tensors: readonly string[];
  readonly decoders: readonly UnfoldedDecoder[];
  /** What the names of decoders stand for. */
  readonly ends: DecoderEnds;
  /** Whether tensors are missing for reasons that were reported. */
  readonly isIncomplete: boolean;
}

/** Of one output there is nothing to weigh or to average. */
export function lintSingle(
  fields: ReadonlyMap<string, Field>,
  head: string,
  { reporter }: SchemeContext,
): void {
  for (const name of ['weights', 'predict']) {
    const field = fields.get(name);
    // A choice may ask for several outputs under another setting, and the words of the defaults mean nothing more.
    if (field === undefined || isDefaultWord(field.value)) continue;
    const reason = 'the head has one output';
    const help = 'Take it out, or supervise more tensors by "supervise".';
    reportIdle(reporter, { owner: `head ${head}`, name, reason, help }, field.name.span);
  }
}

const isDefaultWord = (value: Expression): boolean =>
  value.kind !== 'list' && !(value.kind === 'name' && value.name === 'average');

/** The supervised tensors in order, the head's own among them; empty where none are. */
export function readSupervised(
  field: Field | undefined,
  whole: Expression,
  sources: HeadSources,
  context: SchemeContext,
): readonly string[] {
  const chosen = field && chooseBranch(field.value, context);
  if (chosen === undefined || chosen.kind === 'missing') return [];
  const word = wordOf(chosen, context);
  if (word === 'none') return [];
  const { isIncomplete } = sources;
  const start = startOf(whole)?.name;
  const supervisable = supervisableFrom(start, sources);
  if (start === undefined && isIncomplete) return [];
  if (start === undefined) {
    context.reporter.report(
      'misplaced',
      {
        what: '"supervise"',
        where: 'a head that starts from several tensors; merge them in "wires" first',
      },
      { at: field!.name.span },
    );
    return [];
  }
  const found = word === 'all' ? supervisable : readTensors(chosen, supervisable, sources, context);
  if (found === undefined) return [];
  if (word === 'all' && found.length === 0 && !isIncomplete) {
    context.reporter.report(
      'bad-option-value',
      { owner: 'head', name: 'supervise', expects: 'a list of tensors', found: '"all"' },
      {
        at: chosen.span,
        help: ['"all" are the nodes of a scheme; list the tensors by name, as in [d2, d1].'],
      },
    );
  }
  const own = found.filter((name, index) => found.indexOf(name) === index);
  return own.includes(start) || own.length === 0 ? own : [...own, start];
}

/** The nodes of the decoder that a head starts from, or of the only one; none where no scheme says. */
function supervisableFrom(start: string | undefined, { decoders }: HeadSources): readonly string[] {
  const [only, ...others] = decoders;
  const own =
    decoders.find(({ nodes }) => nodes.some(({ name }) => name === start)) ??
    (others.length === 0 ? only : undefined);
  return own?.supervisable ?? [];
}

/** The names in a list of tensors; undefined when it is none, which is reported. */
function readTensors(
  list: Expression,
  supervisable: readonly string[],
  { tensors, ends, isIncomplete }: HeadSources,
  context: SchemeContext,
): readonly string[] | undefined {
  if (list.kind !== 'list' || list.items.some(({ kind }) => kind !== 'name')) {
    const words =
      supervisable.length > 0
        ? '"all", "none" or a list of tensors'
        : '"none" or a list of tensors';
    const found = list.kind === 'name' ? `"${list.name}"` : 'a value';
    context.reporter.report(
      'bad-option-value',
      { owner: 'head', name: 'supervise', expects: words, found },
      { at: list.span },
    );
    return undefined;
  }
  return list.items.flatMap((item) => {
    if (item.kind !== 'name') return [];
    const name = ends.get(item.name) ?? item.name;
    if (isIncomplete || tensors.includes(name)) return [name];
    reportUnknownName(item, context, 'a tensor', tensors);
    return [];
  });
}

/** Equal parts unless the spec says otherwise; what it says is divided by its sum. */
export function readWeights(
  field: Field | undefined,
  head: string,
  count: number,
  context: SchemeContext,
): readonly number[] {
  const equal = new Array<number>(count).fill(1 / count);
  const chosen = field && chooseBranch(field.value, context);
  if (chosen === undefined || wordOf(chosen, context) === 'equal') return equal;
  const value = evaluate(chosen, context);
  const numbers =
    value.kind === 'list'
      ? value.items.flatMap((item) =>
          item.kind === 'number' && item.value > 0 ? [item.value] : [],
        )
      : [];
  if (value.kind === 'invalid') return equal;
  if (value.kind !== 'list' || value.items.length !== count || numbers.length !== count) {
    context.reporter.report(
      'bad-option-value',
      {
        owner: `head ${head}`,
        name: 'weights',
        expects: `"equal" or a list of ${count} ${count === 1 ? 'number' : 'numbers'} above 0, one for each output`,
        found: describeValue(value),
      },
      { at: chosen.span },
    );
    return equal;
  }
  const sum = numbers.reduce((all, weight) => all + weight, 0);
  return numbers.map((weight) => weight / sum);
}

export function readPrediction(field: Field | undefined, context: SchemeContext): HeadPrediction {
  const found = field && readChoice(field.value, ['main', 'average'], ['head', 'predict'], context);
  return found ?? 'main';
}

/** The one tensor that a pipeline starts from. */
export function startOf(expression: Expression): Extract<Expression, { kind: 'name' }> | undefined {
  const first = expression.kind === 'pipeline' ? expression.steps[0] : expression;
  return first?.kind === 'name' ? first : undefined;
}
