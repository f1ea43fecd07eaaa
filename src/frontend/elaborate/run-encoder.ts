import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Expression, Field, Section } from '../../parser/ast.js';
import { bindParameters } from './block-call.js';
import type { EncoderDeclaration } from '../declarations/blocks.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import {
  argumentsOf,
  encoderFields,
  readPlainFields,
  tapsField,
} from '../schemes/encoder-fields.js';
import type { Flow, FlowContext } from './flow-context.js';
import type { EncoderFiles } from '../../ir/encoder-files.js';
import type { GraphNode, NodeId } from '../../ir/graph.js';
import { nameWithin } from '../../ir/lattice.js';
import { runLines, startRun } from './run-lines.js';
import { scalesOf } from '../../ir/scales.js';
import type { Level, UnfoldedEncoder } from '../schemes/scheme.js';
import { readFields } from '../schemes/slots.js';
import { followed } from '../values/model-parameter.js';
import { numberAt } from '../../parser/tree/syntax.js';
import { isSound } from '../values/evaluation-context.js';
import { Environment, invalid, type Value } from '../values/value.js';

/** A declared encoder that has run. */
export interface RunEncoder extends UnfoldedEncoder {
  /** The taps that the model picks, with the place that names each. */
  readonly taps: readonly Expression[];
  /** Whether the model picks them itself; all are taken otherwise. */
  readonly isPicked: boolean;
  /** But for the names of its nodes, which are known when all encoders have run. */
  readonly files: Omit<EncoderFiles, 'names'>;
  /** What its operations are called below, and its first node and that behind its last. */
  readonly path: string;
  readonly from: NodeId;
  readonly to: NodeId;
}

/** The word in `taps` for a level without a skip. */
const noTap = 'none';

/**
 * Runs a declared encoder on an input of the model and defines its taps as tensors.
 * Fields of the section are the encoder's parameters; `taps` lists the levels:
 * taps, the input itself, or `none` for a level without a skip. Undefined when
 * something was reported; the taps that were made are tensors even so.
 *
 * @param own what it is called in the model, if it has a name: that stands before its taps' names.
 */
export function runEncoder(
  section: Section,
  encoder: EncoderDeclaration,
  own: string | undefined,
  input: string,
  outer: FlowContext,
): Result<RunEncoder | undefined> {
  const reporter = new Reporter();
  const context: FlowContext = { ...outer, reporter };
  const { environment: tensors, builder } = context;
  const name = encoder.name.text;
  const path = own ?? name;
  const parameters = encoder.parameters.map((parameter) => parameter.name.text);
  const known = [...parameters, ...encoderFields];
  const fields = readFields(section, `encoder ${name}`, known, reporter);
  const picked = fields.get(tapsField);
  const wanted = picked && readLevels(picked, encoder, input, context);
  const chosen = wanted === undefined ? encoder.taps : wanted.map(nameOf);

  const inner = new Environment();
  const image = tensors.lookup(input) ?? invalid;
  inner.define('in', image);
  const owner = { name, span: section.name?.span ?? section.keyword.span };
  const plain = readPlainFields(section, fields, context);
  const bound = bindParameters(encoder, owner, argumentsOf(fields, parameters), inner, context);
  const run = startRun(inner, { owner: `Encoder "${name}"`, at: owner.span }, (tap) =>
    chosen.includes(tap) ? nameWithin(own, tap) : `${path}/${tap}`,
  );
  const firstNode = builder.nodes.length;
  if (bound !== undefined && builder.countCall(owner.span, reporter)) {
    runLines(encoder.body, run, {
      ...context,
      environment: inner,
      blocks: encoder.home,
      path,
      target: undefined,
      input: image.kind === 'tensor' ? image : 'unknown',
      calls: [{ declaration: encoder, args: bound.args }],
    });
  }
  for (const [tap, flow] of run.taps) {
    if (chosen.includes(tap)) defineTap(nameWithin(own, tap), flow, tensors);
  }
  if (!isSound(context)) return reporter.result(undefined);
  // Without a word about it, every tap that the encoder takes with these values, by its scale.
  const scaleOf = scalesOfTaps(run.taps, image, builder.nodes);
  const levels =
    wanted ??
    encoder.taps
      .filter((tap) => run.taps.has(tap))
      .toSorted((one, other) => scaleOf(other) - scaleOf(one))
      .map((tap): Expression => ({ kind: 'name', name: tap, span: owner.span }));
  const taps = levels.filter((level) => isTap(level, input));
  const untaken = taps.filter((tap) => !run.taps.has(nameOf(tap)));
  for (const tap of untaken) reportUnknownTap(tap, encoder, [...run.taps.keys()], context);
  if (wanted !== undefined && untaken.length === 0) {
    checkOrder(levels, (level) => scaleOf(nameOf(level)), name, context);
  }
  if (!isSound(context) || plain === undefined) return reporter.result(undefined);
  if (plain.isFrozen) builder.freeze(firstNode);
  const files = { ...plain.files, encoder: path, scalings: run.scalings };
  return reporter.result({
    ...{ name: own, wires: [], levels: levels.map(toLevel) },
    ...{ taps, isPicked: picked !== undefined, files },
    ...{ path, from: firstNode, to: builder.nodes.length },
  });

  function toLevel(level: Expression): Level {
    const tensor = nameOf(level);
    if (tensor === noTap && !encoder.taps.includes(noTap)) {
      return { tensor: undefined, width: undefined };
    }
    const flow = tensor === input ? image : run.taps.get(tensor);
    const [node] = flow !== undefined && 'nodes' in flow ? flow.nodes : [];
    const channels = builder.channelsValue(node ?? -1);
    const width = numberAt(node === undefined ? 1 : channels.value, level.span);
    const isInput = tensor === input;
    const called = isInput ? tensor : nameWithin(own, tensor);
    return { tensor: called, width, follows: followed(channels) };
  }
}

/** How many pixels a tap has for each of the image's, along the height; 1 for the image itself. */
function scalesOfTaps(
  taps: ReadonlyMap<string, Flow | undefined>,
  image: Value,
  nodes: readonly GraphNode[],
): (tap: string) => number {
  const scales = scalesOf(nodes);
  const [input = 0] = image.kind === 'tensor' ? image.nodes : [];
  return (tap) => {
    const [node = input] = taps.get(tap)?.nodes ?? [];
    return (scales[node] ?? 1) / (scales[input] ?? 1);
  };
}

/** Reports the first level that has more pixels than the one above it. */
function checkOrder(
  levels: readonly Expression[],
  scaleOf: (level: Expression) => number,
  encoder: string,
  context: FlowContext,
): void {
  const present = levels.filter((level) => nameOf(level) !== noTap);
  const index = present.findIndex(
    (level, at) => at > 0 && scaleOf(level) > scaleOf(present[at - 1]!),
  );
  const [before, level] = [present[index - 1], present[index]];
  if (before === undefined || level === undefined) return;
  const sorted = present.toSorted((one, other) => scaleOf(other) - scaleOf(one));
  const edits = present.flatMap((each, at) =>
    nameOf(each) === nameOf(sorted[at]!) ? [] : [{ span: each.span, text: nameOf(sorted[at]!) }],
  );
  context.reporter.report(
    'taps-out-of-order',
    {
      encoder,
      tap: nameOf(level),
      scale: scaleText(scaleOf(level)),
      before: nameOf(before),
      beforeScale: scaleText(scaleOf(before)),
    },
    {
      at: level.span,
      labels: [{ span: before.span, text: 'stands before it' }],
      help: ['Levels go from the full size downwards, as steps down and skips need them.'],
      fixes: [{ title: 'Order the taps by their size', edits }],
    },
  );
}

/** `1/8 of the image's size` */
function scaleText(scale: number): string {
  if (scale === 0) return 'one pixel';
  if (scale === 1) return 'as large as the image';
  return `${scale < 1 ? `1/${round(1 / scale)} of` : `${round(scale)} times`} the image's size`;
}

const round = (value: number): number => Number(value.toPrecision(4));

const nameOf = (expression: Expression): string =>
  expression.kind === 'name' ? expression.name : '';

const isTap = (level: Expression, input: string): boolean =>
  nameOf(level) !== input && nameOf(level) !== noTap && nameOf(level) !== '';

function defineTap(name: string, flow: Flow | undefined, tensors: Environment): void {
  tensors.define(name, flow === undefined ? invalid : { kind: 'tensor', ...flow });
}

/** The items of `taps`, each checked. */
function readLevels(
  picked: Field,
  encoder: EncoderDeclaration,
  input: string,
  context: FlowContext,
): readonly Expression[] {
  const { value } = picked;
  const expects = `a list of taps, "${input}" or "${noTap}", full resolution first`;
  if (value.kind !== 'list') {
    if (value.kind !== 'missing') reportBad('no list', value);
    return [];
  }
  const known = [...encoder.taps, input, noTap];
  const seen = new Set<string>();
  return value.items.filter((item, index) => {
    if (item.kind !== 'name') {
      if (item.kind !== 'missing') reportBad('a value that is not a name', item);
      return false;
    }
    if (!known.includes(item.name)) {
      reportUnknownTap(item, encoder, encoder.taps, context);
      return false;
    }
    const isAbsent = item.name === noTap;
    if (seen.has(item.name) && !isAbsent) reportBad(`"${item.name}" twice`, item);
    if (isAbsent && index === value.items.length - 1)
      reportBad('"none" for the lowest level', item);
    seen.add(item.name);
    return true;
  });

  function reportBad(found: string, { span }: Expression): void {
    const help = [`Its taps are ${encoder.taps.map((tap) => `"${tap}"`).join(', ')}.`];
    context.reporter.report('bad-taps', { expects, found }, { at: span, help });
  }
}

/** `taken` are those that the encoder takes with the values it was given. */
function reportUnknownTap(
  tap: Expression,
  encoder: EncoderDeclaration,
  taken: readonly string[],
  context: FlowContext,
): void {
  const name = nameOf(tap);
  const { known, help, fixes } = didYouMean({ text: name, span: tap.span }, taken, 'its taps are');
  const labels = [{ span: encoder.name.span, text: 'declared here' }];
  const parameters = { encoder: encoder.name.text, name, known };
  context.reporter.report('unknown-tap', parameters, { at: tap.span, labels, help, fixes });
}
