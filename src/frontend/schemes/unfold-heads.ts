import { isComponent } from '../../catalog/index.js';
import type { Span } from '../../diagnostics/source.js';
import type { HeadPrediction } from '../../ir/graph.js';
import type { Expression, Section } from '../../parser/ast.js';
import { joinPipeline, nameAt } from '../../parser/tree/syntax.js';
import { evaluateCondition } from '../values/evaluate.js';
import {
  lintSingle,
  readPrediction,
  readSupervised,
  readWeights,
  startOf,
  type HeadSources,
} from './head-fields.js';
import { checkIsNoDecoder, withEnds } from './decoder-ends.js';
import type { SchemeContext } from './scheme.js';
import { readFields } from './slots.js';
import type { Wire } from './wire.js';

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

/** The fields in the body of a head. */
export const headFields = ['when', 'supervise', 'weights', 'predict'] as const;

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
  const tensors = new Set([...sources.tensors, ...names]);
  const isTensor = (word: string): boolean =>
    tensors.has(word) || (sources.isIncomplete && !isStep(word, context));
  return heads.flatMap((head): readonly UnfoldedHead[] => {
    const { name } = head;
    const value = head.value && withEnds(head.value, sources.ends);
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
    checkIsNoDecoder(name, sources.ends, context.reporter);
    const whole = startsFromTensors(value, isTensor)
      ? value
      : joinPipeline([startOfHead(head, value, sources, context), value]);
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

/** The last tensor, for a head that names none; with several decoders there is no such. */
function startOfHead(
  { name, value: written }: Section,
  value: Expression,
  { last, decoders, isIncomplete }: HeadSources,
  { reporter }: SchemeContext,
): Expression {
  if (last !== undefined) return nameAt(last, name!.span);
  const names = decoders.flatMap((decoder) => decoder.name ?? []);
  if (!isIncomplete && names.length > 0 && value.kind !== 'missing') {
    const { file, start } = written!.span;
    reporter.report(
      'head-without-start',
      { head: name!.text, decoders: names.map((each) => `"${each}"`).join(', ') },
      {
        at: name!.span,
        fixes: names.map((each) => ({
          title: `Start from "${each}"`,
          edits: [{ span: { file, start, end: start }, text: `${each} -> ` }],
        })),
      },
    );
  }
  return missingAt(name!.span);
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
