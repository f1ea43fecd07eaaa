import type { Expression, Field, Section } from '../parser/ast.js';
import { bindParameters } from './block-call.js';
import type { EncoderDeclaration } from './blocks.js';
import { didYouMean } from './did-you-mean.js';
import { argumentsOf, encoderFields, readPlainFields, tapsField } from './encoder-fields.js';
import { Environment } from './environment.js';
import type { Flow, FlowContext } from './flow.js';
import type { EncoderWeights } from './graph.js';
import { runLines, startRun } from './run-lines.js';
import type { Level, UnfoldedEncoder } from './schemes/scheme.js';
import { readFields } from './slots.js';
import { numberAt } from './syntax.js';
import { invalid } from './value.js';

/** A declared encoder that has run. */
export interface RunEncoder extends UnfoldedEncoder {
  /** The taps that the model picks, with the place that names each. */
  readonly taps: readonly Expression[];
  /** Whether the model picks them itself; all are taken otherwise. */
  readonly isPicked: boolean;
  readonly weights: EncoderWeights;
}

/** The word in `taps` for a level without a skip. */
const noTap = 'none';

/**
 * Runs a declared encoder on the model's input and defines its taps as tensors.
 * Fields of the section are the encoder's parameters; `taps` lists the levels:
 * taps, the input itself, or `none` for a level without a skip. Undefined when
 * something was reported; then every tap that may be meant is a tensor with an
 * error, which nothing more is told about.
 */
export function runEncoder(
  section: Section,
  encoder: EncoderDeclaration,
  input: string,
  context: FlowContext,
): RunEncoder | undefined {
  const { reporter, environment: tensors, builder } = context;
  const name = encoder.name.text;
  const before = reporter.errorCount;
  const parameters = encoder.parameters.map((parameter) => parameter.name.text);
  const fields = readFields(
    section,
    `encoder ${name}`,
    [...parameters, ...encoderFields],
    reporter,
  );
  const picked = fields.get(tapsField);
  const wanted = picked && readLevels(picked, encoder, input, context);
  const chosen = wanted === undefined ? encoder.taps : wanted.map(nameOf);

  const inner = new Environment();
  const image = tensors.lookup(input) ?? invalid;
  inner.define('in', image);
  const owner = { name, span: section.name?.span ?? section.keyword.span };
  const plain = readPlainFields(section, fields, context);
  const bound = bindParameters(encoder, owner, argumentsOf(fields, parameters), inner, context);
  const run = startRun(inner, (tap) => (chosen.includes(tap) ? tap : `${name}/${tap}`));
  const firstNode = builder.nodes.length;
  if (bound !== undefined && builder.countCall(owner.span)) {
    runLines(encoder.body, run, {
      ...context,
      environment: inner,
      blocks: encoder.home,
      path: name,
      target: undefined,
      input: image.kind === 'tensor' ? image : 'unknown',
      calls: [encoder],
    });
  }
  // Without a word about it, every tap that the encoder takes with these values.
  const levels =
    wanted ??
    encoder.taps
      .filter((tap) => run.taps.has(tap) || reporter.errorCount > before)
      .map((tap): Expression => ({ kind: 'name', name: tap, span: owner.span }));
  const taps = levels.filter((level) => isTap(level, input));
  if (reporter.errorCount === before) {
    for (const tap of taps) {
      if (!run.taps.has(nameOf(tap))) reportUnknownTap(tap, encoder, [...run.taps.keys()], context);
    }
  }
  for (const tap of taps) defineTap(nameOf(tap), run.taps.get(nameOf(tap)), tensors);
  if (reporter.errorCount > before || plain === undefined) return undefined;
  builder.markEncoder(firstNode, plain.isFrozen);
  const { weights } = plain;
  return { wires: [], levels: levels.map(toLevel), taps, isPicked: picked !== undefined, weights };

  function toLevel(level: Expression): Level {
    const tensor = nameOf(level);
    if (tensor === noTap && !encoder.taps.includes(noTap)) {
      return { tensor: undefined, width: undefined };
    }
    const flow = tensor === input ? image : run.taps.get(tensor);
    const [node] = flow !== undefined && 'nodes' in flow ? flow.nodes : [];
    return {
      tensor,
      width: numberAt(node === undefined ? 1 : builder.channelsOf(node), level.span),
    };
  }
}

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
      if (item.kind !== 'missing') reportBad('a value that is no name', item);
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
