import type { Span } from '../../diagnostics/source.js';
import { isComponent } from '../../catalog/index.js';
import type { Expression, Field, Section } from '../../parser/ast.js';
import { evaluate, evaluateCondition } from '../values/evaluate.js';
import { reportUnknownName } from '../values/unknown-name.js';
import type { HeadPrediction } from '../../ir/graph.js';
import { reportIdle } from '../lints/lint-options.js';
import { chooseBranch, readChoice, wordOf } from '../values/read-choice.js';
import type { SchemeContext } from './scheme.js';
import type { Wire } from './wire.js';
import { readFields } from './slots.js';
import { joinPipeline, nameAt } from '../../parser/tree/syntax.js';
import { describeValue } from '../values/value.js';

/** A head written out: one wire for each of its outputs. */
export interface UnfoldedHead {
  readonly section: Section;
  readonly name: string;
  /** In the order of the network's outputs; the main one has the head's name. */
  readonly outputs: readonly Wire[];
  /** The tensors they start from, where several are supervised. */
  readonly supervised: readonly string[];
  /** The part of the loss of each output; they sum to 1. */
  readonly weights: readonly number[];
  readonly prediction: HeadPrediction;
}

/** What heads are unfolded over. */
export interface HeadSources {
  /** The tensor that a head without one of its own starts from; undefined where it could not be made. */
  readonly last: string | undefined;
  readonly tensors: readonly string[];
  /** What `supervise: all` stands for; empty where no scheme says. */
  readonly supervisable: readonly string[];
  /** Whether tensors are missing for reasons that were reported. */
  readonly isIncomplete: boolean;
}

const headFields = ['when', 'supervise', 'weights', 'predict'] as const;

/**
 * Writes the heads of a model out. A head makes its main output from the tensor
 * it starts from and, with `supervise`, one more from every tensor listed, by the
 * same pipeline; these are called `<head>_<tensor>`.
 */
export function unfoldHeads(
  heads: readonly Section[],
  sources: HeadSources,
  context: SchemeContext,
): readonly UnfoldedHead[] {
  const names = heads.flatMap(({ name }) => (name === undefined ? [] : [name.text]));
  return heads.flatMap((head): readonly UnfoldedHead[] => {
    const { name, value } = head;
    if (name === undefined || value === undefined) {
      context.reporter.report(
        'missing-name',
        { section: 'head', example: 'head mask: conv(1, 1) -> sigmoid' },
        { at: head.keyword.span },
      );
      return [];
    }
    const fields = readFields(head, 'head', headFields, context.reporter);
    const when = fields.get('when');
    if (when !== undefined && evaluateCondition(when.value, context) === false) return [];
    const tensors = new Set([...sources.tensors, ...names]);
    const isTensor = (word: string): boolean =>
      tensors.has(word) || (sources.isIncomplete && !isStep(word, context));
    const last =
      sources.last === undefined ? missingAt(name.span) : nameAt(sources.last, name.span);
    const whole = startsFromTensors(value, isTensor) ? value : joinPipeline([last, value]);
    const supervised = readSupervised(fields.get('supervise'), whole, sources, context);
    if (supervised.length < 2 && !sources.isIncomplete) lintSingle(fields, name.text, context);
    const outputs =
      supervised.length === 0 ? [mainWire(head, whole)] : wiresOf(head, whole, supervised);
    return [
      {
        section: head,
        name: name.text,
        outputs,
        supervised,
        weights: readWeights(fields.get('weights'), name.text, outputs.length, context),
        prediction: readPrediction(fields.get('predict'), context),
      },
    ];
  });
}

/** Of one output there is nothing to weigh or to average. */
function lintSingle(
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

const mainWire = (head: Section, expression: Expression): Wire => ({
  name: head.name!.text,
  nameSpan: head.name!.span,
  expression,
  madeBy: { kind: 'head' },
});

/** One wire for each supervised tensor; that of the tensor the head starts from is the main one. */
function wiresOf(head: Section, whole: Expression, supervised: readonly string[]): readonly Wire[] {
  const start = startOf(whole)!;
  const steps = whole.kind === 'pipeline' ? whole.steps.slice(1) : [];
  return supervised.map((tensor) => {
    if (tensor === start.name) return mainWire(head, whole);
    const expression = joinPipeline([nameAt(tensor, start.span), ...steps]);
    const name = `${head.name!.text}_${tensor}`;
    return { name, nameSpan: head.name!.span, expression, madeBy: { kind: 'head', at: tensor } };
  });
}

/** The one tensor that a pipeline starts from. */
function startOf(expression: Expression): Extract<Expression, { kind: 'name' }> | undefined {
  const first = expression.kind === 'pipeline' ? expression.steps[0] : expression;
  return first?.kind === 'name' ? first : undefined;
}

/** The supervised tensors in order, the head's own among them; empty where none are. */
function readSupervised(
  field: Field | undefined,
  whole: Expression,
  sources: HeadSources,
  context: SchemeContext,
): readonly string[] {
  const chosen = field && chooseBranch(field.value, context);
  if (chosen === undefined || chosen.kind === 'missing') return [];
  const word = wordOf(chosen, context);
  if (word === 'none') return [];
  const { supervisable, isIncomplete } = sources;
  const start = startOf(whole)?.name;
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
  const found = word === 'all' ? supervisable : readTensors(chosen, sources, context);
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

/** The names in a list of tensors; undefined when it is none, which is reported. */
function readTensors(
  list: Expression,
  { tensors, supervisable, isIncomplete }: HeadSources,
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
    if (isIncomplete || tensors.includes(item.name)) return [item.name];
    reportUnknownName(item, context, 'a tensor', tensors);
    return [];
  });
}

/** Equal parts unless the spec says otherwise; what it says is divided by its sum. */
function readWeights(
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

function readPrediction(field: Field | undefined, context: SchemeContext): HeadPrediction {
  const found = field && readChoice(field.value, ['main', 'average'], ['head', 'predict'], context);
  return found ?? 'main';
}

const missingAt = (span: Span): Expression => ({ kind: 'missing', span });

/** Whether a word is a layer, a block or a parameter of the model. */
const isStep = (word: string, { blocks, environment }: SchemeContext): boolean =>
  isComponent('layer', word) ||
  blocks.get(word) !== undefined ||
  blocks.isBroken(word) ||
  environment.has(word);

/** Whether a pipeline names what it starts from: a tensor, or a list whose every branch does. */
function startsFromTensors(expression: Expression, isTensor: (name: string) => boolean): boolean {
  switch (expression.kind) {
    case 'name':
      return isTensor(expression.name);
    case 'pipeline':
      return startsFromTensors(expression.steps[0]!, isTensor);
    case 'list':
      return expression.items.every((item) => startsFromTensors(item, isTensor));
    case 'missing':
      return true;
    default:
      return false;
  }
}
